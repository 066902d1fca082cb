//! Reads ZKIR, tagged binary or JSON, of every version that is served.

use std::borrow::Cow;
use std::io;

use midnight_serialize::Tagged;
use midnight_zkir::IrSource;
use serde::Deserialize;

use crate::error::Result;
use crate::tagged;

/// A version of ZKIR: how to tell it, and how to read it.
struct Version {
    /// As it is called outside.
    name: &'static str,
    tag: fn() -> Cow<'static, str>,
    json: JsonVersion,
    read_tagged: fn(&[u8]) -> Result<IrSource>,
    read_json: fn(&[u8]) -> io::Result<IrSource>,
}

/// What the compiler writes into a circuit's JSON.
#[derive(PartialEq, Eq, Deserialize)]
struct JsonVersion {
    major: u64,
    minor: u64,
}

#[derive(Deserialize)]
struct JsonHead {
    version: JsonVersion,
}

/// The versions that are served.
const SERVED: [Version; 1] = [Version {
    name: "v2",
    tag: IrSource::tag,
    json: JsonVersion { major: 2, minor: 0 },
    read_tagged: tagged::read,
    read_json: |json| IrSource::load(json),
}];

/// The tag of every version begins like this.
const TAG_START: &str = "ir-source";

/// The names of the versions that are served.
pub fn served_names() -> Vec<&'static str> {
    SERVED.iter().map(|version| version.name).collect()
}

/// # Errors
/// The text says why this is no ZKIR, or which version it is and which ones are served.
pub fn read(bytes: &[u8]) -> std::result::Result<IrSource, String> {
    if is_json(bytes) {
        read_json(bytes)
    } else {
        read_tagged(bytes)
    }
}

fn read_json(bytes: &[u8]) -> std::result::Result<IrSource, String> {
    let reader = match serde_json::from_slice::<JsonHead>(bytes) {
        Ok(JsonHead { version }) => SERVED
            .iter()
            .find(|served| served.json == version)
            .ok_or_else(|| unserved(&version.to_string(), |served| served.json.to_string()))?,
        // Without a version it is none of them; the reader of any says why.
        Err(_) => &SERVED[0],
    };
    (reader.read_json)(bytes).map_err(|error| error.to_string())
}

fn read_tagged(bytes: &[u8]) -> std::result::Result<IrSource, String> {
    let reader = match tagged::tag_of(bytes).filter(|tag| tag.starts_with(TAG_START)) {
        Some(tag) => SERVED
            .iter()
            .find(|served| (served.tag)() == tag)
            .ok_or_else(|| unserved(tag, |served| (served.tag)().into_owned()))?,
        None => &SERVED[0],
    };
    (reader.read_tagged)(bytes).map_err(|failure| failure.message)
}

fn unserved(found: &str, served: impl Fn(&Version) -> String) -> String {
    let served: Vec<String> = SERVED.iter().map(served).collect();
    format!("this is {found}, and this server reads {}", served.join(", "))
}

fn is_json(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().first() == Some(&b'{')
}

impl std::fmt::Display for JsonVersion {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}
