//! Whether a circuit and its keys belong together. What does not is KEY_MISMATCH.

use crate::artifacts::circuit::Circuit;
use crate::artifacts::verifier_key::VerifierKey;
use crate::error::{Code, Failure, Result};

pub fn expect_made_for(circuit: &Circuit, of_prover_key: &Circuit) -> Result<()> {
    expect(
        of_prover_key.source() == circuit.source(),
        "The prover key was made for another circuit.",
    )
}

pub fn expect_together(together: bool) -> Result<()> {
    expect(together, "The prover key and the verifier key don't belong together.")
}

pub fn expect_public_inputs(circuit: &Circuit, verifier: &VerifierKey) -> Result<()> {
    expect(
        circuit.public_inputs() == verifier.public_inputs(),
        "The verifier key expects another number of public inputs.",
    )
}

fn expect(holds: bool, otherwise: &str) -> Result<()> {
    if holds {
        return Ok(());
    }
    Err(Failure::new(Code::KeyMismatch, otherwise))
}
