//! The statement that a preimage and a circuit amount to: the public inputs that the proof will be verified against.

use midnight_transient_crypto::curve::Fr;
use midnight_transient_crypto::proofs::ProofPreimage;
use midnight_zkir::Instruction;

use super::check;
use crate::artifacts::circuit::Circuit;
use crate::error::{Code, Failure, Result};

/// Computes the statement without proving: the binding input, the communications commitment if the circuit has one,
/// then the public transcript inputs, with zeros for every group that was skipped.
///
/// # Errors
/// INVALID_WITNESS if the preimage does not satisfy the circuit.
pub fn statement(circuit: &Circuit, preimage: &ProofPreimage) -> Result<Vec<Fr>> {
    let mut skips = check(circuit, preimage)?.into_iter();
    let source = circuit.source();
    let mut transcript = preimage.public_transcript_inputs.iter().copied();

    let mut statement = vec![preimage.binding_input];
    if source.do_communications_commitment {
        let (commitment, _randomness) = preimage
            .communications_commitment
            .ok_or_else(|| Failure::new(Code::InvalidWitness, "Expected communications commitment"))?;
        statement.push(commitment);
    }
    let mut declared = 0;
    for instruction in source.instructions.iter() {
        match instruction {
            Instruction::DeclarePubInput { .. } => declared += 1,
            Instruction::PiSkip { .. } => {
                let skipped = skips.next().flatten().unwrap_or(0) as usize;
                statement.extend(transcript.by_ref().take(declared - skipped));
                statement.extend(std::iter::repeat_n(Fr::from(0), skipped));
                declared = 0;
            }
            _ => {}
        }
    }
    statement.extend(transcript);
    Ok(statement)
}
