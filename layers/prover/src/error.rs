//! Failures with a stable code, fit to be shown to whoever asked.

use std::fmt;

/// What went wrong, in the vocabulary shared with the callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    InvalidRequest,
    /// ZKIR, or a key, that can't be read.
    InvalidCircuit,
    InvalidWitness,
    CircuitTooLarge,
    KeyMismatch,
    ParamsUnavailable,
    ProofGenerationFailed,
    ArtifactCorrupt,
    Internal,
}

impl Code {
    pub fn as_str(self) -> &'static str {
        match self {
            Code::InvalidRequest => "INVALID_REQUEST",
            Code::InvalidCircuit => "INVALID_CIRCUIT",
            Code::InvalidWitness => "INVALID_WITNESS",
            Code::CircuitTooLarge => "CIRCUIT_TOO_LARGE",
            Code::KeyMismatch => "KEY_MISMATCH",
            Code::ParamsUnavailable => "PARAMS_UNAVAILABLE",
            Code::ProofGenerationFailed => "PROOF_GENERATION_FAILED",
            Code::ArtifactCorrupt => "ARTIFACT_CORRUPT",
            Code::Internal => "INTERNAL",
        }
    }
}

/// An operation's failure. The message never holds a witness value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub code: Code,
    pub message: String,
}

pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Failure {
            code,
            message: message.into(),
        }
    }

    pub fn invalid_request(message: impl Into<String>) -> Self {
        Failure::new(Code::InvalidRequest, message)
    }

    pub fn invalid_circuit(message: impl Into<String>) -> Self {
        Failure::new(Code::InvalidCircuit, message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Failure {}
