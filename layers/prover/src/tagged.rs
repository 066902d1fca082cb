//! Midnight's tagged bytes: `midnight:<tag>:`, then the value.

use midnight_serialize::{Deserializable, GLOBAL_TAG, Serializable, Tagged, tagged_deserialize, tagged_serialize};
use midnight_transient_crypto::curve::FR_BYTES;

use crate::contain::contain;
use crate::error::{Failure, Result};
use crate::versions;

const HIDDEN: char = '\u{fffd}';

/// The tagged bytes of `value`.
pub fn write<T: Serializable + Tagged>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    tagged_serialize(value, &mut bytes).expect("writing to memory does not fail");
    bytes
}

/// Deserializes a tagged `T`.
///
/// # Errors
/// INVALID_REQUEST with the text that the reference server answers, and after it, if the bytes are of another version or
/// kind, the versions that are spoken here. The text repeats as many of the first bytes as the
/// expected tag is long; here, those that may belong to a witness are hidden in it.
pub fn read<T: Deserializable + Tagged>(bytes: &[u8]) -> Result<T> {
    let expected = format!("{GLOBAL_TAG}{}:", T::tag());
    if !bytes.starts_with(expected.as_bytes()) {
        let found = &bytes[..bytes.len().min(expected.len())];
        let found = show(found, shown_bytes(bytes));
        let text = format!("expected header tag '{expected}', got '{found}'");
        return Err(Failure::invalid_request(match tag_of(bytes) {
            Some(_) => text + &versions::spoken(),
            None => text,
        }));
    }
    contain(Failure::invalid_request("The tagged bytes are malformed."), || {
        tagged_deserialize(bytes).map_err(|error| {
            let mut text = error.to_string();
            if text.contains(UNKNOWN_VERSION) {
                text += &versions::spoken();
            }
            Failure::invalid_request(text)
        })
    })
}

/// In the text of a deserializer that met a version it does not know.
const UNKNOWN_VERSION: &str = " discriminant for ";

/// The tag that `bytes` open with: what stands between `midnight:` and the next colon.
pub fn tag_of(bytes: &[u8]) -> Option<&str> {
    let tagged = bytes.strip_prefix(GLOBAL_TAG.as_bytes())?;
    let tag_char = |byte: &u8| byte.is_ascii_alphanumeric() || b"-()[],".contains(byte);
    let length = tagged.iter().take_while(|byte| tag_char(byte)).count();
    let tag = std::str::from_utf8(&tagged[..length]).ok()?;
    (length > 0 && tagged.get(length) == Some(&b':')).then_some(tag)
}

fn show(bytes: &[u8], shown: usize) -> String {
    let printable = |char: char| char.is_ascii_alphanumeric() || ":_-()[],".contains(char);
    String::from_utf8_lossy(bytes)
        .chars()
        .enumerate()
        .map(|(index, char)| if index < shown && printable(char) { char } else { HIDDEN })
        .collect()
}

/// How many of the first bytes are no secret: all if they are half a field element at most, otherwise another tag.
fn shown_bytes(bytes: &[u8]) -> usize {
    if bytes.len() <= FR_BYTES / 2 {
        return bytes.len();
    }
    match tag_of(bytes) {
        Some(tag) => GLOBAL_TAG.len() + tag.len() + 1,
        None if bytes.starts_with(GLOBAL_TAG.as_bytes()) => GLOBAL_TAG.len(),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use midnight_transient_crypto::proofs::ProofPreimage;

    type Body = (u64, Option<ProofPreimage>, Option<u64>);

    fn error(bytes: &[u8]) -> String {
        read::<Body>(bytes).unwrap_err().message
    }

    const EXPECTED: &str = "expected header tag 'midnight:(u64,option(proof-preimage),option(u64)):'";

    #[test]
    fn another_tag_is_named_and_what_follows_is_hidden() {
        let body = b"midnight:proof-preimage:SECRETSECRETSECRET";
        assert_eq!(
            error(body),
            format!(
                "{EXPECTED}, got 'midnight:proof-preimage:{}'{}",
                "\u{fffd}".repeat(18),
                versions::spoken()
            )
        );
        assert!(!error(b"SECRETSECRETSECRETSECRETSECRETSECRET").contains("SECRET"));
        assert!(!error(b"SECRETSECRETSECRE").contains("SECRET"));
        assert!(!error(b"midnight:SECRETSECRETSECRETSECRET\x00SECRET").contains("SECRET"));
    }

    #[test]
    fn short_bodies_are_answered_as_the_reference_does() {
        assert_eq!(error(b""), format!("{EXPECTED}, got ''"));
        let hidden = "\u{fffd}";
        assert_eq!(
            error(br#"{"key":"value"}"#),
            format!("{EXPECTED}, got '{hidden}{hidden}key{hidden}:{hidden}value{hidden}{hidden}'")
        );
    }

    #[test]
    fn truncated_and_doubled_bodies_are_told() {
        let body = b"midnight:(u64,option(proof-preimage),option(u64)):\x04\x00\x00";
        assert!(read::<Body>(body).is_ok());
        assert_eq!(error(&body[..body.len() - 1]), "failed to fill whole buffer");
        assert_eq!(
            error(&[&body[..], body].concat()),
            format!(
                "Not all bytes read deserializing '{}'; {} bytes remaining",
                "midnight:(u64,option(proof-preimage),option(u64)):",
                body.len()
            )
        );
    }
}
