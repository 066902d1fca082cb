//! Makes proofs.

use std::io;
use std::time::Instant;

use midnight_ledger::structure::ProofVersioned;
use midnight_transient_crypto::curve::Fr;
use midnight_transient_crypto::proofs::{ParamsProver, ParamsProverProvider, ProofPreimage, Zkir};
use rand::rngs::OsRng;

use super::{belonging, check};
use crate::artifacts::circuit::Circuit;
use crate::artifacts::prover_key::ProverKey;
use crate::artifacts::public_params::PublicParams;
use crate::artifacts::verifier_key::VerifierKey;
use crate::contain::contain;
use crate::error::{Code, Failure, Result};
use crate::tagged;

/// A proof, not verified yet, and the statement that it is meant for.
#[derive(Debug)]
pub struct Proven {
    /// Tagged and versioned.
    pub proof: Vec<u8>,
    pub statement: Vec<Fr>,
    pub prove_ms: f64,
}

/// Proves. Whoever gives the proof out verifies it before.
///
/// # Errors
/// INVALID_WITNESS if the preimage does not satisfy the circuit, KEY_MISMATCH if circuit, prover key and verifier key
/// don't belong together, PARAMS_UNAVAILABLE if the parameters are for another `k`, PROOF_GENERATION_FAILED otherwise.
pub fn prove(
    preimage: &ProofPreimage,
    circuit: &Circuit,
    prover: &ProverKey,
    verifier: &VerifierKey,
    params: &PublicParams,
) -> Result<Proven> {
    expect_same_circuit(circuit, prover, verifier)?;
    params.expect_k(prover.k())?;
    check(circuit, preimage)?;

    let failed = |reason: &str| Failure::new(Code::ProofGenerationFailed, reason);
    let started = Instant::now();
    let (proof, statement) = contain(failed("The proof could not be made."), || {
        let provider = OneParams(params.prover());
        let proving = circuit.source().prove(OsRng, &provider, prover.key(), preimage);
        // The provider has its answer at hand, so nothing is ever waited for.
        pollster::block_on(proving)
            .map(|(proof, statement, _)| (proof, statement))
            .map_err(|_| failed("The proof could not be made."))
    })?;
    Ok(Proven {
        proof: tagged::write(&ProofVersioned::V2(proof)),
        statement,
        prove_ms: started.elapsed().as_secs_f64() * 1e3,
    })
}

fn expect_same_circuit(circuit: &Circuit, prover: &ProverKey, verifier: &VerifierKey) -> Result<()> {
    belonging::expect_made_for(circuit, prover.circuit())?;
    belonging::expect_together(prover.fingerprint() == verifier.fingerprint())?;
    belonging::expect_public_inputs(circuit, verifier)
}

/// Hands the parameters to the proving library, which asks for them by `k`.
struct OneParams<'a>(&'a ParamsProver);

impl ParamsProverProvider for OneParams<'_> {
    async fn get_params(&self, _k: u8) -> io::Result<ParamsProver> {
        Ok(self.0.clone())
    }
}
