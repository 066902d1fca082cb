//! Prover keys.

use std::time::Duration;

use midnight_curves::Fq;
use midnight_transient_crypto::proofs::ProverKey as TaggedProverKey;
use midnight_zk_stdlib::{MidnightPK, setup_pk};
use midnight_zkir::IrSource;

use super::circuit::Circuit;
use super::prover_key_file::ProverKeyFile;
use super::verifier_key::VerifierKey;
use super::{Artifact, circuit_rules, stored_key};
use crate::contain::contain;
use crate::error::{Code, Failure, Result};

/// What proofs of one circuit are made with.
#[derive(Debug)]
pub struct ProverKey {
    key: TaggedProverKey<IrSource>,
    circuit: Circuit,
    k: u8,
    fingerprint: Fq,
    unpacking: Duration,
}

impl ProverKey {
    fn new(key: MidnightPK<IrSource>, circuit: Circuit, unpacking: Duration) -> Self {
        ProverKey {
            k: key.k(),
            fingerprint: key.pk().get_vk().transcript_repr(),
            key: key.into(),
            circuit,
            unpacking,
        }
    }

    /// The key in the form that the proving library takes. A clone is cheap.
    pub fn key(&self) -> TaggedProverKey<IrSource> {
        self.key.clone()
    }

    pub fn circuit(&self) -> &Circuit {
        &self.circuit
    }

    pub fn k(&self) -> u8 {
        self.k
    }

    /// Tells the verifier key that belongs to this key from every other.
    pub fn fingerprint(&self) -> Fq {
        self.fingerprint
    }
}

impl Artifact for ProverKey {
    const ROLE: &'static str = "prover key";
    const MALFORMED: Code = Code::InvalidCircuit;

    /// Takes the form that Midnight writes.
    fn parse(bytes: &[u8]) -> Result<Self> {
        let (key, circuit, unpacking) = ProverKeyFile::open(bytes)?.read()?;
        Ok(ProverKey::new(key, circuit, unpacking))
    }

    /// Takes the stored form.
    fn parse_derived(bytes: &[u8]) -> Result<Self> {
        let (circuit, verifier) = stored_key::read(bytes)?;
        let key = build(&circuit, &verifier)?;
        Ok(ProverKey::new(key, circuit, Duration::ZERO))
    }

    fn resident_bytes(&self) -> usize {
        self.circuit.shape().prover_key_bytes(self.k)
    }

    fn unpacking(&self) -> Duration {
        self.unpacking
    }
}

/// Makes a circuit's prover key anew: its columns follow from the circuit, its commitments are the verifier key's.
///
/// # Errors
/// CIRCUIT_TOO_LARGE if the verifier key says so; INVALID_CIRCUIT if the circuit has no key of that size.
pub fn build(circuit: &Circuit, verifier: &VerifierKey) -> Result<MidnightPK<IrSource>> {
    circuit_rules::check_k(verifier.k())?;
    contain(
        Failure::invalid_circuit("The circuit has no prover key for this verifier key."),
        || Ok(setup_pk(circuit.source(), verifier.key())),
    )
}
