//! Verifier keys.

use std::io;

use midnight_curves::Fq;
use midnight_proofs::utils::SerdeFormat;
use midnight_transient_crypto::proofs::VerifierKey as TaggedVerifierKey;
use midnight_zk_stdlib::{MidnightVK, ZkStdLibArch};

use super::envelope::Enveloped;
use super::key_shape::KeyShape;
use super::layout::{invalid, take};
use super::{Artifact, envelope};
use crate::error::{Code, Failure, Result};
use crate::tagged;

/// Midnight's own limit.
const MAX_BYTES: usize = 50_000;
const COMMITMENT_BYTES: usize = 48;

/// What proofs of one circuit are verified with.
#[derive(Debug)]
pub struct VerifierKey {
    key: MidnightVK,
    public_inputs: usize,
    bytes: usize,
}

impl VerifierKey {
    /// The tagged form, the way Midnight writes it.
    pub fn write(key: &MidnightVK) -> Vec<u8> {
        tagged::write(&VerifierKey::envelop(key))
    }

    /// The key's bytes, for other files to hold.
    pub fn envelop(key: &MidnightVK) -> Enveloped<TaggedVerifierKey> {
        let mut bytes = Vec::new();
        key.write(&mut bytes, SerdeFormat::Processed)
            .expect("writing to memory does not fail");
        Enveloped::new(bytes)
    }

    /// Reads the key's own bytes.
    ///
    /// # Errors
    /// INVALID_CIRCUIT if they are no verifier key of a ZKIR circuit.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_BYTES {
            return Err(malformed(format!("it has more than {MAX_BYTES} bytes")));
        }
        let public_inputs = check_layout(bytes).map_err(malformed)?;
        Ok(VerifierKey {
            key: MidnightVK::read(&mut &bytes[..], SerdeFormat::Processed).map_err(malformed)?,
            public_inputs,
            bytes: bytes.len(),
        })
    }

    pub fn key(&self) -> &MidnightVK {
        &self.key
    }

    pub fn k(&self) -> u8 {
        self.key.k()
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
        let key = envelope::open::<TaggedVerifierKey>(bytes).map_err(|failure| malformed(failure.message))?;
        VerifierKey::read(&key)
    }

    fn resident_bytes(&self) -> usize {
        // Points unpacked to three coordinates, and the constraint system.
        const CONSTRAINT_SYSTEM_BYTES: usize = 64 << 10;
        self.bytes * 4 + CONSTRAINT_SYSTEM_BYTES
    }
}

fn malformed(reason: impl std::fmt::Display) -> Failure {
    Failure::invalid_circuit(format!("The verifier key is malformed: {reason}."))
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
