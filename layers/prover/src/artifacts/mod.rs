//! Files from outside, turned into checked values. One kind each.
//!
//! Parsing never trusts a length, a count or an index, so that hostile bytes give a [`Failure`] and bounded memory.

pub mod circuit;
pub mod circuit_rules;
mod development_params;
pub mod envelope;
pub mod key_shape;
pub(crate) mod layout;
pub mod preimage;
pub mod prover_key;
pub mod prover_key_file;
pub mod public_params;
pub mod stored_key;
pub mod verifier_key;
pub mod zkir;

use std::borrow::Cow;
use std::ops::Add;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::contain::contain;
use crate::error::{Code, Failure, Result};

/// A kind of file that the operations work on.
pub trait Artifact: Send + Sync + Sized + 'static {
    /// What the artifact is called in errors.
    const ROLE: &'static str;
    /// The code of bytes that are not such an artifact.
    const MALFORMED: Code;

    /// # Errors
    /// [`Self::MALFORMED`] if the bytes are not such an artifact, CIRCUIT_TOO_LARGE if they exceed a limit.
    fn parse(bytes: &[u8]) -> Result<Self>;

    /// Parses a file that this deployment made itself.
    ///
    /// # Errors
    /// As [`Self::parse`].
    fn parse_derived(bytes: &[u8]) -> Result<Self> {
        Self::parse(bytes)
    }

    /// The file with that hash, if the executable has it built in.
    fn built_in(_sha256: &str) -> Option<&'static [u8]> {
        None
    }

    /// How much of the time that parsing took went into uncompressing.
    fn unpacking(&self) -> Duration {
        Duration::ZERO
    }

    /// About how much memory the parsed value occupies.
    fn resident_bytes(&self) -> usize;
}

/// A file by its content's hash, and where to read it if it is not in memory.
#[derive(Debug, Clone, Deserialize)]
pub struct ArtifactFile {
    /// Lower-case hex.
    pub sha256: String,
    pub path: PathBuf,
    /// This deployment made the file itself: a prover key is in the stored form.
    #[serde(default)]
    pub derived: bool,
}

/// How long loading took.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoadTimes {
    /// Reading the file and hashing it.
    pub read: Duration,
    pub unpack: Duration,
    pub parse: Duration,
}

impl LoadTimes {
    pub fn total(&self) -> Duration {
        self.read + self.unpack + self.parse
    }
}

impl Add for LoadTimes {
    type Output = LoadTimes;
    fn add(self, other: LoadTimes) -> LoadTimes {
        LoadTimes {
            read: self.read + other.read,
            unpack: self.unpack + other.unpack,
            parse: self.parse + other.parse,
        }
    }
}

impl ArtifactFile {
    /// Reads and parses the file, after holding its content against the hash. What is built in is not read.
    ///
    /// # Errors
    /// Those of [`Self::read`], and what [`Artifact::parse`] gives.
    pub fn load<T: Artifact>(&self) -> Result<(T, LoadTimes)> {
        let started = Instant::now();
        let bytes = match T::built_in(&self.sha256) {
            Some(bytes) => Cow::Borrowed(bytes),
            None => Cow::Owned(self.read::<T>()?),
        };
        let read = started.elapsed();
        let parser = if self.derived { T::parse_derived } else { T::parse };
        let artifact = contained(|| parser(&bytes))?;
        let unpack = artifact.unpacking();
        let parse = started.elapsed() - read - unpack;
        Ok((artifact, LoadTimes { read, unpack, parse }))
    }

    /// The file's content, held against the hash.
    ///
    /// # Errors
    /// ARTIFACT_CORRUPT if the file can't be read or its content does not have the hash: in both cases the caller
    /// has to bring it again.
    pub fn read<T: Artifact>(&self) -> Result<Vec<u8>> {
        let unreadable = |error| format!("The {} file could not be read: {error}.", T::ROLE);
        let bytes =
            std::fs::read(&self.path).map_err(|error| Failure::new(Code::ArtifactCorrupt, unreadable(error)))?;
        let found = sha256_hex(&bytes);
        if found != self.sha256 {
            return Err(Failure::new(
                Code::ArtifactCorrupt,
                format!(
                    "The {} should have SHA-256 {}, but the file has {found}.",
                    T::ROLE,
                    self.sha256
                ),
            ));
        }
        Ok(bytes)
    }
}

/// Reads and parses a file whose hash is not known.
pub fn load_file<T: Artifact>(path: &Path) -> Result<T> {
    parse(&read::<T>(path)?)
}

/// Parses the bytes; a panic of the libraries below counts as malformed.
pub fn parse<T: Artifact>(bytes: &[u8]) -> Result<T> {
    contained(|| T::parse(bytes))
}

fn contained<T: Artifact>(parse: impl FnOnce() -> Result<T>) -> Result<T> {
    let malformed = Failure::new(T::MALFORMED, format!("The {} is malformed.", T::ROLE));
    contain(malformed, parse)
}

pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn read<T: Artifact>(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        Failure::new(
            Code::Internal,
            format!("The {} file could not be read: {error}.", T::ROLE),
        )
    })
}
