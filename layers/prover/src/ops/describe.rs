//! Tells a circuit's size and canonical form.

use crate::artifacts::circuit::{Circuit, Size};
use crate::artifacts::circuit_rules;
use crate::artifacts::verifier_key::VerifierKey;
use crate::error::Result;

/// A circuit's canonical bytes, and what it takes to prove it.
#[derive(Debug)]
pub struct Description {
    pub ir: Vec<u8>,
    pub size: Size,
}

/// With its verifier key, the circuit need not be laid out: its `k` is what the key says. Whether the key is the
/// circuit's own only keygen finds out.
///
/// # Errors
/// CIRCUIT_TOO_LARGE; INVALID_CIRCUIT if the circuit can't be laid out.
pub fn describe(circuit: &Circuit, verifier: Option<&VerifierKey>) -> Result<Description> {
    let size = match verifier {
        Some(verifier) => {
            circuit_rules::check_k(verifier.k())?;
            circuit.size_at(verifier.k())
        }
        None => circuit.size()?,
    };
    Ok(Description {
        ir: circuit.canonical_bytes(),
        size,
    })
}
