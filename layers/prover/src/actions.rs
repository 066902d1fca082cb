//! The operations that end in a file or tell about the process, for the command line and for requests alike.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::answers::{Digest, Info, KeygenAnswer};
use crate::artifacts::circuit::Circuit;
use crate::artifacts::public_params::PublicParams;
use crate::artifacts::verifier_key::VerifierKey;
use crate::artifacts::{parse, zkir};
use crate::cache::Cache;
use crate::error::{Code, Failure, Result};
use crate::limits::MAX_K;
use crate::memory;
use crate::ops::{adopt, keygen};
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

/// The form of the prover key that is written to a file.
#[derive(Clone, Copy)]
pub enum Form {
    /// As Midnight writes it.
    Midnight,
    Stored,
}

/// Generates a circuit's keys into two files.
pub fn write_keys(
    circuit: &Circuit,
    params: &PublicParams,
    prover_path: &Path,
    form: Form,
    verifier_path: &Path,
) -> Result<KeygenAnswer> {
    let started = Instant::now();
    let keys = keygen(circuit, params)?;
    let prover = match form {
        Form::Midnight => &keys.prover,
        Form::Stored => &keys.stored,
    };
    write_file(prover_path, prover)?;
    write_file(verifier_path, &keys.verifier)?;
    Ok(KeygenAnswer {
        k: params.k(),
        proving_bytes: circuit.size_at(params.k()).proving_bytes,
        prover: Digest::of(&keys.prover),
        verifier: Digest::of(&keys.verifier),
        stored: Digest::of(&keys.stored),
        keygen_ms: milliseconds(started.elapsed()),
    })
}

/// Writes the stored form of a ready-made prover key that belongs to the circuit and the verifier key.
pub fn adopt_keys(circuit: &Circuit, prover: &[u8], verifier: &[u8], prover_path: &Path) -> Result<KeygenAnswer> {
    let started = Instant::now();
    let key: VerifierKey = parse(verifier)?;
    let stored = adopt(circuit, prover, &key)?;
    Ok(KeygenAnswer {
        k: key.k(),
        proving_bytes: circuit.size_at(key.k()).proving_bytes,
        prover: Digest::of(prover),
        verifier: Digest::of(verifier),
        stored: write_file(prover_path, &stored)?,
        keygen_ms: milliseconds(started.elapsed()),
    })
}

/// Derives the public parameters for `k` into a file.
pub fn write_params(source: &PublicParams, k: u8, path: &Path) -> Result<Digest> {
    write_file(path, &source.derive(k)?.write())
}

pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Writes a file that is either complete or not there.
///
/// # Errors
/// INTERNAL if the file can't be written.
pub fn write_file(path: &Path, content: &[u8]) -> Result<Digest> {
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
    Ok(Digest::of(content))
}
