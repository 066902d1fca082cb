//! What the operations answer, as it travels and as the command line prints it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::artifacts::sha256_hex;
use crate::error::{Failure, Result};
use crate::ops::{Inspected, TransactionParts};

/// A request's outcome.
#[derive(Serialize)]
pub struct Reply<T> {
    /// Missing only where the request's own could not be read.
    id: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ok: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorAnswer>,
}

#[derive(Serialize)]
struct ErrorAnswer {
    code: &'static str,
    message: String,
}

impl<T> Reply<T> {
    pub fn new(id: Option<u32>, outcome: Result<T>) -> Self {
        let (ok, failure) = match outcome {
            Ok(answer) => (Some(answer), None),
            Err(failure) => (None, Some(failure)),
        };
        let error = failure.map(|Failure { code, message }| ErrorAnswer {
            code: code.as_str(),
            message,
        });
        Reply { id, ok, error }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    pub version: &'static str,
    pub proof_versions: [&'static str; 1],
    pub zkir_versions: Vec<&'static str>,
    pub max_k: u8,
    pub resident_bytes: u64,
    pub peak_resident_bytes: u64,
    pub cache_bytes: usize,
    pub cached_artifacts: usize,
}

#[derive(Serialize)]
pub struct Held {
    pub held: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InspectAnswer {
    #[serde(with = "serde_bytes")]
    pub preimage: Vec<u8>,
    pub key_location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inlined: Option<InlinedAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proving_bytes: Option<u64>,
}

#[derive(Serialize)]
pub struct InlinedAnswer {
    #[serde(with = "serde_bytes")]
    pub ir: Vec<u8>,
    #[serde(with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    pub prover: Option<Vec<u8>>,
    #[serde(with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    pub verifier: Option<Vec<u8>>,
}

impl From<Inspected> for InspectAnswer {
    fn from(inspected: Inspected) -> Self {
        let inlined = inspected.inlined.map(|inlined| {
            let (prover, verifier) = inlined.keys.map(|keys| (keys.prover, keys.verifier)).unzip();
            InlinedAnswer {
                ir: inlined.ir,
                prover,
                verifier,
            }
        });
        InspectAnswer {
            preimage: inspected.preimage,
            key_location: inspected.key_location,
            inlined,
            k: inspected.size.map(|size| size.k),
            proving_bytes: inspected.size.map(|size| size.proving_bytes),
        }
    }
}

#[derive(Serialize)]
pub struct TransactionAnswer {
    #[serde(with = "serde_bytes")]
    pub transaction: Vec<u8>,
    pub keys: BTreeMap<String, KeysAnswer>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeysAnswer {
    #[serde(with = "serde_bytes")]
    pub ir: Vec<u8>,
    #[serde(with = "serde_bytes")]
    pub prover: Vec<u8>,
    #[serde(with = "serde_bytes")]
    pub verifier: Vec<u8>,
    pub k: u8,
    pub proving_bytes: u64,
}

impl From<TransactionParts> for TransactionAnswer {
    fn from(parts: TransactionParts) -> Self {
        let keys = parts.keys.into_iter().map(|(location, keys)| {
            let answer = KeysAnswer {
                ir: keys.ir,
                prover: keys.prover,
                verifier: keys.verifier,
                k: keys.size.k,
                proving_bytes: keys.size.proving_bytes,
            };
            (location, answer)
        });
        TransactionAnswer {
            transaction: parts.transaction,
            keys: keys.collect(),
        }
    }
}

#[derive(Serialize)]
pub struct KAnswer {
    pub k: u8,
    pub sha256: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CircuitAnswer {
    #[serde(with = "serde_bytes")]
    pub ir: Vec<u8>,
    pub sha256: String,
    pub k: u8,
    pub proving_bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verifier: Option<Digest>,
}

#[derive(Serialize)]
pub struct CheckAnswer {
    #[serde(with = "serde_bytes")]
    pub result: Vec<u8>,
    pub k: u8,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProveAnswer {
    #[serde(with = "serde_bytes")]
    pub proof: Vec<u8>,
    pub statement: Vec<String>,
    pub k: u8,
    pub timings: Timings,
    pub peak_resident_bytes: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Timings {
    pub read_ms: f64,
    pub unpack_ms: f64,
    pub parse_ms: f64,
    pub prove_ms: f64,
}

#[derive(Serialize)]
pub struct VerifyAnswer {
    pub verdicts: Vec<Verdict>,
}

#[derive(Serialize)]
pub struct Verdict {
    pub valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<Result<()>> for Verdict {
    fn from(outcome: Result<()>) -> Self {
        Verdict {
            valid: outcome.is_ok(),
            reason: outcome.err().map(|failure| failure.message),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeygenAnswer {
    pub k: u8,
    pub proving_bytes: u64,
    /// The prover key as Midnight writes it.
    pub prover: Digest,
    pub verifier: Digest,
    /// The prover key in the stored form.
    pub stored: Digest,
    pub keygen_ms: f64,
}

/// A file's content, by hash and length.
#[derive(Serialize)]
pub struct Digest {
    pub sha256: String,
    pub bytes: usize,
}

impl Digest {
    pub fn of(content: &[u8]) -> Self {
        Digest {
            sha256: sha256_hex(content),
            bytes: content.len(),
        }
    }
}
