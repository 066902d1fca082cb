//! What a ZKIR program must keep to before it is run or laid out.
//!
//! The ZKIR machine itself panics, or allocates without bound, on programs that break these rules.

use midnight_base_crypto::fab::{Alignment, AlignmentAtom, AlignmentSegment};
use midnight_transient_crypto::curve::{FR_BITS, FR_BYTES_STORED};
use midnight_transient_crypto::fab::AlignmentExt;
use midnight_zkir::{Instruction as I, IrSource};

use crate::error::{Code, Failure, Result};
use crate::limits::MAX_K;

/// Hundreds of times what the circuits of today have, and laid out in bounded time.
const MAX_INSTRUCTIONS: usize = 1 << 18;
const MAX_INPUTS: u32 = 1 << 20;

/// The range-check gadget behind `ConstrainBits` stops one bit short of the field's size.
const MAX_CONSTRAINED_BITS: u32 = FR_BITS as u32 - 1;
/// The comparison gadget works on an even number of bits and needs two in reserve.
const MAX_COMPARED_BITS: u32 = FR_BITS as u32 - 3;
const MAX_SPLIT_BITS: u32 = (FR_BYTES_STORED * 8) as u32;

/// # Errors
/// INVALID_CIRCUIT, naming the instruction's number; CIRCUIT_TOO_LARGE.
pub fn check(source: &IrSource) -> Result<()> {
    if source.instructions.len() > MAX_INSTRUCTIONS || source.num_inputs > MAX_INPUTS {
        return Err(too_large(format!(
            "it has {} instructions and {} inputs, of at most {MAX_INSTRUCTIONS} and {MAX_INPUTS}",
            source.instructions.len(),
            source.num_inputs
        )));
    }
    let mut cells = source.num_inputs;
    let mut uncovered_public_inputs = 0;
    let mut rows = 0;
    for (number, instruction) in source.instructions.iter().enumerate() {
        let broken = |rule: String| Failure::invalid_circuit(format!("ZKIR instruction {number} {rule}."));
        if let Some(cell) = reads(instruction).into_iter().find(|cell| *cell >= cells) {
            return Err(broken(format!("reads cell {cell} of {cells}")));
        }
        check_operands(instruction).map_err(broken)?;
        match instruction {
            I::DeclarePubInput { .. } => uncovered_public_inputs += 1,
            I::PiSkip { count, .. } if *count > uncovered_public_inputs => {
                return Err(broken(format!(
                    "covers {count} public inputs, but {uncovered_public_inputs} precede it"
                )));
            }
            I::PiSkip { .. } => uncovered_public_inputs = 0,
            _ => {}
        }
        cells += outputs(instruction);
        rows += least_rows(instruction);
    }
    if rows >> *MAX_K > 0 {
        return Err(too_large(format!("it needs {rows} rows or more")));
    }
    Ok(())
}

/// # Errors
/// CIRCUIT_TOO_LARGE above the largest `k` taken on.
pub fn check_k(k: u8) -> Result<()> {
    if k > *MAX_K {
        return Err(too_large(format!("it needs k={k}")));
    }
    Ok(())
}

pub fn too_large(reason: String) -> Failure {
    Failure::new(
        Code::CircuitTooLarge,
        format!("The circuit is too large: {reason}. The largest k is {}.", *MAX_K),
    )
}

fn check_operands(instruction: &I) -> std::result::Result<(), String> {
    let within = |bits: u32, least: u32, most: u32| {
        (least..=most)
            .contains(&bits)
            .then_some(())
            .ok_or(format!("has {bits} bits; {least} to {most} are possible"))
    };
    match instruction {
        I::ConstrainBits { bits, .. } => within(*bits, 0, MAX_CONSTRAINED_BITS),
        I::LessThan { bits, .. } => within(*bits, 0, MAX_COMPARED_BITS),
        I::DivModPowerOfTwo { bits, .. } => within(*bits, 0, MAX_SPLIT_BITS),
        I::ReconstituteField { bits, .. } => within(*bits, 1, MAX_SPLIT_BITS),
        I::PersistentHash { alignment, inputs } => check_hashable(alignment, inputs.len()),
        _ => Ok(()),
    }
}

fn check_hashable(alignment: &Alignment, inputs: usize) -> std::result::Result<(), String> {
    let in_circuit = |segment: &AlignmentSegment| {
        matches!(
            segment,
            AlignmentSegment::Atom(AlignmentAtom::Field | AlignmentAtom::Bytes { .. })
        )
    };
    if !alignment.0.iter().all(in_circuit) {
        return Err("hashes an alignment that circuits don't support".into());
    }
    let needed = alignment.field_len();
    if needed > inputs {
        return Err(format!(
            "hashes an alignment of {needed} field elements, but has {inputs}"
        ));
    }
    Ok(())
}

/// The memory cells that an instruction refers to.
fn reads(instruction: &I) -> Vec<u32> {
    match instruction {
        I::Assert { cond: a }
        | I::ConstrainBits { var: a, .. }
        | I::ConstrainToBoolean { var: a }
        | I::Copy { var: a }
        | I::DeclarePubInput { var: a }
        | I::EcMulGenerator { scalar: a }
        | I::DivModPowerOfTwo { var: a, .. }
        | I::Output { var: a }
        | I::Neg { a }
        | I::Not { a } => vec![*a],
        I::ConstrainEq { a, b }
        | I::ReconstituteField {
            divisor: a, modulus: b, ..
        }
        | I::TestEq { a, b }
        | I::Add { a, b }
        | I::Mul { a, b }
        | I::LessThan { a, b, .. } => vec![*a, *b],
        I::CondSelect { bit, a, b } => vec![*bit, *a, *b],
        I::EcMul { a_x, a_y, scalar } => vec![*a_x, *a_y, *scalar],
        I::EcAdd { a_x, a_y, b_x, b_y } => vec![*a_x, *a_y, *b_x, *b_y],
        I::PiSkip { guard, .. } | I::PublicInput { guard } | I::PrivateInput { guard } => {
            guard.iter().copied().collect()
        }
        I::HashToCurve { inputs } | I::TransientHash { inputs } | I::PersistentHash { inputs, .. } => inputs.clone(),
        I::LoadImm { .. } => vec![],
    }
}

/// How many memory cells an instruction adds.
fn outputs(instruction: &I) -> u32 {
    match instruction {
        I::Assert { .. }
        | I::ConstrainBits { .. }
        | I::ConstrainEq { .. }
        | I::ConstrainToBoolean { .. }
        | I::DeclarePubInput { .. }
        | I::PiSkip { .. }
        | I::Output { .. } => 0,
        I::CondSelect { .. }
        | I::Copy { .. }
        | I::LoadImm { .. }
        | I::ReconstituteField { .. }
        | I::TransientHash { .. }
        | I::TestEq { .. }
        | I::Add { .. }
        | I::Mul { .. }
        | I::Neg { .. }
        | I::Not { .. }
        | I::LessThan { .. }
        | I::PublicInput { .. }
        | I::PrivateInput { .. } => 1,
        I::EcAdd { .. }
        | I::EcMul { .. }
        | I::EcMulGenerator { .. }
        | I::HashToCurve { .. }
        | I::DivModPowerOfTwo { .. }
        | I::PersistentHash { .. } => 2,
    }
}

/// Rows that the instruction takes at the very least, as measured on the circuit library. Refuses absurd circuits before they are laid out, which is the exact and costly measurement.
fn least_rows(instruction: &I) -> u64 {
    const SHA256_BLOCK_BYTES: u64 = 64;
    const SHA256_PADDING_BYTES: u64 = 9;
    match instruction {
        I::EcMul { .. } | I::EcMulGenerator { .. } => 500,
        I::HashToCurve { inputs } => 300 + 10 * inputs.len() as u64,
        I::DivModPowerOfTwo { .. } | I::ReconstituteField { .. } => 300,
        I::TransientHash { inputs } => 10 * inputs.len() as u64,
        I::PersistentHash { alignment, .. } => {
            let bytes = alignment.bin_len() as u64 + SHA256_PADDING_BYTES;
            1900 * bytes.div_ceil(SHA256_BLOCK_BYTES)
        }
        I::ConstrainBits { bits, .. } => u64::from(*bits),
        I::LessThan { bits, .. } => 6 + u64::from(*bits) / 11,
        I::EcAdd { .. } | I::Output { .. } => 10,
        I::PublicInput { guard: Some(_) } | I::PrivateInput { guard: Some(_) } => 5,
        I::CondSelect { .. } => 3,
        I::TestEq { .. } | I::Not { .. } => 2,
        I::Assert { .. }
        | I::Add { .. }
        | I::Mul { .. }
        | I::Neg { .. }
        | I::PublicInput { guard: None }
        | I::PrivateInput { guard: None } => 1,
        I::ConstrainEq { .. }
        | I::ConstrainToBoolean { .. }
        | I::Copy { .. }
        | I::DeclarePubInput { .. }
        | I::PiSkip { .. }
        | I::LoadImm { .. } => 0,
    }
}

#[cfg(test)]
mod tests;
