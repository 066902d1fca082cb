//! The operations that end in a file or tell about the process, for the command line and for requests alike.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use crate::answers::{Hashed, Info, KeygenAnswer, Written};
use crate::artifacts::circuit::Circuit;
use crate::artifacts::public_params::PublicParams;
use crate::artifacts::{sha256_hex, zkir};
use crate::cache::Cache;
use crate::error::{Code, Failure, Result};
use crate::limits::MAX_K;
use crate::memory;
use crate::ops::keygen;
use crate::versions::PROOF_VERSION;

pub fn info(cache: &Cache) -> Info {
    Info {
        version: env!("CARGO_PKG_VERSION"),
        proof_versions: [PROOF_VERSION],
        zkir_versions: zkir::served_names(),
        max_k: *MAX_K,
        resident_bytes: memory::resident_bytes(),
        peak_resident_bytes: memory::peak_resident_bytes(),
        cache_bytes: cache.bytes(),
        cached_artifacts: cache.len(),
    }
}

/// Generates a circuit's keys into two files.
pub fn write_keys(
    circuit: &Circuit,
    params: &PublicParams,
    prover_path: &Path,
    verifier_path: &Path,
) -> Result<KeygenAnswer> {
    let started = Instant::now();
    let keys = keygen(circuit, params)?;
    let prover = write_file(prover_path, &keys.prover)?;
    Ok(KeygenAnswer {
        k: params.k(),
        ir: Hashed {
            sha256: circuit.sha256(),
        },
        stored: prover.clone(),
        proving_bytes: 16 << (10 + params.k()),
        prover,
        verifier: write_file(verifier_path, &keys.verifier)?,
        keygen_ms: started.elapsed().as_secs_f64() * 1e3,
    })
}

/// Derives the public parameters for `k` into a file.
pub fn write_params(source: &PublicParams, k: u8, path: &Path) -> Result<Written> {
    write_file(path, &source.derive(k)?.write())
}

/// Writes a file that is either complete or not there.
///
/// # Errors
/// INTERNAL if the file can't be written.
pub fn write_file(path: &Path, content: &[u8]) -> Result<Written> {
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(content)?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error: std::io::Error| {
        Failure::new(Code::Internal, format!("A result file could not be written: {error}."))
    })?;
    Ok(Written {
        sha256: sha256_hex(content),
        bytes: content.len(),
    })
}
