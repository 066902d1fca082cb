//! Verifier keys.

use std::io;

use midnight_curves::Fq;
use midnight_proofs::utils::SerdeFormat;
use midnight_transient_crypto::proofs::VerifierKey as TaggedVerifierKey;
use midnight_zk_stdlib::{MidnightVK, ZkStdLibArch};

use super::key_shape::KeyShape;
use super::layout::{invalid, take};
use super::{Artifact, envelope};
use crate::error::{Code, Failure, Result};

/// Midnight's own limit.
const MAX_BYTES: usize = 50_000;
const COMMITMENT_BYTES: usize = 48;

/// What proofs of one circuit are verified with.
#[derive(Debug)]
pub struct VerifierKey {
    key: MidnightVK,
    public_inputs: usize,
    file_bytes: usize,
}

impl VerifierKey {
    /// The tagged form, the way Midnight writes it.
    pub fn write(key: &MidnightVK) -> Vec<u8> {
        let mut bytes = Vec::new();
        key.write(&mut bytes, SerdeFormat::Processed)
            .expect("writing to memory does not fail");
        envelope::seal::<TaggedVerifierKey>(bytes)
    }

    pub fn key(&self) -> &MidnightVK {
        &self.key
    }

    /// How many field elements a statement has.
    pub fn public_inputs(&self) -> usize {
        self.public_inputs
    }

    /// Tells this key from every other circuit's.
    pub fn fingerprint(&self) -> Fq {
        self.key.vk().transcript_repr()
    }
}

impl Artifact for VerifierKey {
    const ROLE: &'static str = "verifier key";
    const MALFORMED: Code = Code::InvalidCircuit;

    fn parse(bytes: &[u8]) -> Result<Self> {
        let malformed = |reason: &dyn std::fmt::Display| {
            Failure::invalid_circuit(format!("The verifier key is malformed: {reason}."))
        };
        if bytes.len() > MAX_BYTES {
            return Err(malformed(&format!("it has more than {MAX_BYTES} bytes")));
        }
        let key = envelope::open::<TaggedVerifierKey>(bytes).map_err(|failure| malformed(&failure.message))?;
        let public_inputs = check_layout(&key).map_err(|error| malformed(&error))?;
        Ok(VerifierKey {
            key: MidnightVK::read(&mut &key[..], SerdeFormat::Processed).map_err(|error| malformed(&error))?,
            public_inputs,
            file_bytes: bytes.len(),
        })
    }

    fn resident_bytes(&self) -> usize {
        // Points unpacked to three coordinates, and the constraint system.
        const CONSTRAINT_SYSTEM_BYTES: usize = 64 << 10;
        self.file_bytes * 4 + CONSTRAINT_SYSTEM_BYTES
    }
}

/// Holds the key's counts and length against those of its chips; gives the number of public inputs.
///
/// Layout: chips, size of the range-check table (u8), public inputs (u32 LE), version (u8), k (u8), fixed columns
/// (u32 LE), then one commitment for each column.
fn check_layout(key: &[u8]) -> io::Result<usize> {
    let mut rest = key;
    let architecture = ZkStdLibArch::read(&mut rest)?;
    if architecture != chips_of_zkir(architecture) {
        return Err(invalid("it uses chips that no ZKIR circuit has"));
    }
    let shape = KeyShape::of(architecture);

    let [_range_table, public_inputs @ .., _version, _k] = take::<7>(&mut rest)?;
    let fixed = u32::from_le_bytes(take(&mut rest)?);
    if fixed as usize != shape.fixed || rest.len() != shape.columns() * COMMITMENT_BYTES {
        return Err(invalid("its columns are not those of its chips"));
    }
    Ok(u32::from_le_bytes(public_inputs) as usize)
}

/// The same choice among the chips that ZKIR can use, without any others.
fn chips_of_zkir(architecture: ZkStdLibArch) -> ZkStdLibArch {
    ZkStdLibArch {
        jubjub: architecture.jubjub,
        poseidon: architecture.poseidon,
        sha2_256: architecture.sha2_256,
        ..ZkStdLibArch::default()
    }
}
