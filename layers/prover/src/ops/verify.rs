//! Verifies proofs.

use midnight_curves::Bls12;
use midnight_ledger::structure::ProofVersioned;
use midnight_proofs::poly::kzg::params::ParamsVerifierKZG;
use midnight_transient_crypto::curve::Fr;
use midnight_transient_crypto::proofs::{Proof, TranscriptHash};
use midnight_zkir::IrSource;

use crate::artifacts::verifier_key::VerifierKey;
use crate::contain::contain;
use crate::error::{Failure, Result};
use crate::{tagged, versions};

/// Verifies a proof against a statement.
///
/// # Errors
/// A failure says why the proof is not valid.
pub fn verify(
    verifier: &VerifierKey,
    params: &ParamsVerifierKZG<Bls12>,
    statement: &[Fr],
    proof: &Proof,
) -> Result<()> {
    if statement.len() != verifier.public_inputs() {
        return Err(Failure::invalid_request(format!(
            "The statement has {} elements, the verifier key expects {}.",
            statement.len(),
            verifier.public_inputs()
        )));
    }
    let invalid = Failure::invalid_request("The proof does not hold for this statement and verifier key.");
    let instance = statement.iter().map(|element| element.0).collect();
    contain(invalid.clone(), || {
        midnight_zk_stdlib::verify::<IrSource, TranscriptHash>(params, verifier.key(), &instance, None, &proof.0)
            .map_err(|_| invalid)
    })
}

/// Reads a tagged, versioned proof.
///
/// # Errors
/// INVALID_REQUEST with the deserializer's text.
pub fn decode_proof(bytes: &[u8]) -> Result<Proof> {
    match tagged::read(bytes)? {
        ProofVersioned::V2(proof) => Ok(proof),
        _ => Err(Failure::invalid_request(versions::unsupported("proof"))),
    }
}
