//! Runs a circuit on a proof preimage, without proving.

use midnight_transient_crypto::proofs::ProofPreimage;

use super::witness_error::describe;
use crate::artifacts::circuit::Circuit;
use crate::contain::contain;
use crate::error::{Code, Failure, Result};
use crate::tagged;

/// Checks that the preimage satisfies the circuit. For each group of public inputs: `None` if it is active, otherwise
/// how many zeros stand in for it in the statement.
///
/// # Errors
/// INVALID_WITNESS, saying what failed without any value.
pub fn check(circuit: &Circuit, preimage: &ProofPreimage) -> Result<Vec<Option<u64>>> {
    let invalid = |reason| Failure::new(Code::InvalidWitness, reason);
    contain(invalid(describe("")), || {
        let skips = preimage
            .check(circuit.source())
            .map_err(|error| invalid(describe(&error.to_string())))?;
        Ok(skips.into_iter().map(|skip| skip.map(|count| count as u64)).collect())
    })
}

/// The reference server's answer to a check: a tagged list.
pub fn encode_result(skips: &Vec<Option<u64>>) -> Vec<u8> {
    tagged::write(skips)
}
