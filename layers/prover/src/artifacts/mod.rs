//! Files from outside, turned into checked values. One kind each.
//!
//! Parsing never trusts a length, a count or an index, so that hostile bytes give a [`Failure`] and bounded memory.

pub mod circuit;
pub mod circuit_rules;
pub mod envelope;
pub mod key_shape;
pub(crate) mod layout;
pub mod preimage;
pub mod prover_key;
pub mod public_params;
pub mod verifier_key;
pub mod zkir;

use std::path::{Path, PathBuf};

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

    /// About how much memory the parsed value occupies.
    fn resident_bytes(&self) -> usize;
}

/// A file by its content's hash, and where to read it if it is not in memory.
#[derive(Debug, Clone, Deserialize)]
pub struct ArtifactFile {
    /// Lower-case hex.
    pub sha256: String,
    pub path: PathBuf,
}

impl ArtifactFile {
    /// Reads and parses the file, after holding its content against the hash.
    ///
    /// # Errors
    /// ARTIFACT_CORRUPT if the file can't be read or its content does not have the hash: in both cases the caller
    /// has to bring it again. Besides, what [`Artifact::parse`] gives.
    pub fn load<T: Artifact>(&self) -> Result<T> {
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
        parse(&bytes)
    }
}

/// Reads and parses a file whose hash is not known.
pub fn load_file<T: Artifact>(path: &Path) -> Result<T> {
    parse(&read::<T>(path)?)
}

/// Parses the bytes; a panic of the libraries below counts as malformed.
pub fn parse<T: Artifact>(bytes: &[u8]) -> Result<T> {
    let malformed = Failure::new(T::MALFORMED, format!("The {} is malformed.", T::ROLE));
    contain(malformed, || T::parse(bytes))
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
