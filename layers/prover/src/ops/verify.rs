//! Verifies proofs.

use std::sync::Arc;

use midnight_curves::{Bls12, Fq};
use midnight_ledger::structure::ProofVersioned;
use midnight_proofs::poly::kzg::params::ParamsVerifierKZG;
use midnight_transient_crypto::curve::Fr;
use midnight_transient_crypto::proofs::{Proof, TranscriptHash};
use midnight_zkir::IrSource;

use crate::artifacts::verifier_key::VerifierKey;
use crate::contain::contain;
use crate::error::{Failure, Result};
use crate::field::from_decimal;
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
    let instance = scalars(statement);
    contain(invalid.clone(), || {
        midnight_zk_stdlib::verify::<IrSource, TranscriptHash>(params, verifier.key(), &instance, None, &proof.0)
            .map_err(|_| invalid)
    })
}

/// That a proof holds for a statement.
pub struct Claim {
    pub verifier: Arc<VerifierKey>,
    pub statement: Vec<Fr>,
    pub proof: Proof,
}

/// Verifies claims together, of whatever circuits; if not all hold, one by one to tell which do. A claim that could not be
/// read keeps its failure, and the others their verdicts.
pub fn verify_all(claims: &[Result<Claim>], params: &ParamsVerifierKZG<Bls12>) -> Vec<Result<()>> {
    let readable: Vec<&Claim> = claims.iter().flatten().collect();
    let all_hold = readable.len() > 1 && hold_together(&readable, params);
    let verdict = |claim: &Result<Claim>| {
        let claim = claim.as_ref().map_err(Clone::clone)?;
        match all_hold {
            true => Ok(()),
            false => verify(&claim.verifier, params, &claim.statement, &claim.proof),
        }
    };
    claims.iter().map(verdict).collect()
}

/// Do all claims hold? One pairing check for all: their equations, each times another power of one challenge, are added up. The library draws
/// the challenge by hashing what the transcript of every proof came to, which has taken in verifier key, statement and the
/// whole proof. So nobody knows it before all claims are fixed, and what is wrong with one can't be made up for by
/// another. It also holds each statement's length against its key, as [`verify`] does.
pub fn hold_together(claims: &[&Claim], params: &ParamsVerifierKZG<Bls12>) -> bool {
    let keys: Vec<_> = claims.iter().map(|claim| claim.verifier.key().clone()).collect();
    let instances: Vec<Vec<_>> = claims.iter().map(|claim| scalars(&claim.statement)).collect();
    let proofs: Vec<_> = claims.iter().map(|claim| claim.proof.0.clone()).collect();
    let invalid = Failure::invalid_request("The proofs do not all hold.");
    contain(invalid.clone(), || {
        midnight_zk_stdlib::batch_verify::<TranscriptHash>(params, &keys, &instances, &proofs).map_err(|_| invalid)
    })
    .is_ok()
}

fn scalars(statement: &[Fr]) -> Vec<Fq> {
    statement.iter().map(|element| element.0).collect()
}

/// Reads a statement of decimals.
///
/// # Errors
/// INVALID_REQUEST that names the first element that is no field element.
pub fn decode_statement(decimals: &[String]) -> Result<Vec<Fr>> {
    let element =
        |(index, decimal): (usize, &String)| from_decimal(&format!("Element {index} of the statement"), decimal);
    decimals.iter().enumerate().map(element).collect()
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
