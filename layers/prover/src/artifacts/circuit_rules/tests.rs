use std::sync::Arc;

use midnight_base_crypto::fab::{Alignment, AlignmentAtom, AlignmentSegment};

use super::*;

const INPUTS: u32 = 4;

fn program(instructions: Vec<I>) -> IrSource {
    IrSource {
        num_inputs: INPUTS,
        do_communications_commitment: false,
        instructions: Arc::new(instructions),
    }
}

fn rejection(instructions: Vec<I>) -> Failure {
    check(&program(instructions)).unwrap_err()
}

fn hash_of(atom: AlignmentAtom, inputs: usize) -> I {
    let alignment = Alignment(vec![AlignmentSegment::Atom(atom)]);
    I::PersistentHash {
        alignment,
        inputs: vec![0; inputs],
    }
}

#[test]
fn every_cell_must_be_defined_before_it_is_read() {
    let readers: Vec<fn(u32) -> I> = vec![
        |cell| I::Assert { cond: cell },
        |cell| I::CondSelect { bit: 0, a: 0, b: cell },
        |cell| I::ConstrainEq { a: cell, b: 0 },
        |cell| I::EcAdd {
            a_x: 0,
            a_y: 0,
            b_x: 0,
            b_y: cell,
        },
        |cell| I::EcMul {
            a_x: 0,
            a_y: cell,
            scalar: 0,
        },
        |cell| I::PiSkip {
            guard: Some(cell),
            count: 0,
        },
        |cell| I::PrivateInput { guard: Some(cell) },
        |cell| I::TransientHash { inputs: vec![0, cell] },
        |cell| I::Output { var: cell },
    ];
    for read in readers {
        assert_eq!(check(&program(vec![read(INPUTS - 1)])), Ok(()));
        let failure = rejection(vec![I::Copy { var: 0 }, read(INPUTS + 1)]);
        assert_eq!(failure.code, Code::InvalidCircuit);
        assert_eq!(failure.message, "ZKIR instruction 1 reads cell 5 of 5.");
        assert!(
            rejection(vec![read(u32::MAX)])
                .message
                .contains("reads cell 4294967295")
        );
    }
}

#[test]
fn instructions_define_as_many_cells_as_the_machine_gives_them() {
    let makers = [
        I::DivModPowerOfTwo { var: 0, bits: 8 },
        I::EcMulGenerator { scalar: 0 },
        hash_of(AlignmentAtom::Field, 1),
    ];
    for maker in makers {
        let read = |var| I::Copy { var };
        assert_eq!(check(&program(vec![maker.clone(), read(INPUTS + 1)])), Ok(()));
        rejection(vec![maker, read(INPUTS + 2)]);
    }
}

#[test]
fn a_skip_covers_only_the_public_inputs_since_the_last() {
    let declare = || I::DeclarePubInput { var: 0 };
    let skip = |count| I::PiSkip { guard: None, count };
    assert_eq!(
        check(&program(vec![declare(), declare(), skip(2), declare(), skip(1)])),
        Ok(())
    );
    rejection(vec![skip(1)]);
    rejection(vec![declare(), declare(), skip(1), skip(1)]);
    rejection(vec![declare(), skip(u32::MAX)]);
}

#[test]
fn bit_counts_stay_within_what_the_gadgets_take() {
    let constrain = |bits| I::ConstrainBits { var: 0, bits };
    let compare = |bits| I::LessThan { a: 0, b: 1, bits };
    let split = |bits| I::DivModPowerOfTwo { var: 0, bits };
    let join = |bits| I::ReconstituteField {
        divisor: 0,
        modulus: 1,
        bits,
    };
    assert_eq!(
        check(&program(vec![
            constrain(254),
            compare(252),
            split(248),
            join(248),
            join(1)
        ])),
        Ok(())
    );
    for instruction in [
        constrain(255),
        compare(253),
        split(249),
        join(249),
        join(0),
        compare(u32::MAX),
    ] {
        rejection(vec![instruction]);
    }
}

#[test]
fn hashed_alignments_must_fit_their_inputs() {
    let bytes = |length, inputs| hash_of(AlignmentAtom::Bytes { length }, inputs);
    assert_eq!(check(&program(vec![bytes(0, 0), bytes(31, 1), bytes(32, 2)])), Ok(()));
    rejection(vec![bytes(32, 1)]);
    rejection(vec![bytes(u32::MAX, 1)]);
    rejection(vec![hash_of(AlignmentAtom::Compress, 1)]);
    let options = Alignment(vec![AlignmentSegment::Option(vec![])]);
    rejection(vec![I::PersistentHash {
        alignment: options,
        inputs: vec![0],
    }]);
}

#[test]
fn absurd_sizes_are_too_large() {
    let many_inputs = IrSource {
        num_inputs: u32::MAX,
        ..program(vec![])
    };
    assert_eq!(check(&many_inputs).unwrap_err().code, Code::CircuitTooLarge);
    let many_rows = vec![I::EcMulGenerator { scalar: 0 }; 1 << 17];
    assert_eq!(rejection(many_rows).code, Code::CircuitTooLarge);
    let many_instructions = vec![I::Copy { var: 0 }; MAX_INSTRUCTIONS + 1];
    assert_eq!(rejection(many_instructions).code, Code::CircuitTooLarge);
}

#[test]
fn the_least_rows_are_at_most_the_real_ones_and_near_them() {
    const REPEATED: usize = 20;
    let costly = [
        I::EcMul {
            a_x: 0,
            a_y: 1,
            scalar: 2,
        },
        I::EcMulGenerator { scalar: 0 },
        I::HashToCurve { inputs: vec![] },
        I::HashToCurve { inputs: vec![0; 50] },
        I::DivModPowerOfTwo { var: 0, bits: 8 },
        I::ReconstituteField {
            divisor: 0,
            modulus: 1,
            bits: 248,
        },
        I::TransientHash { inputs: vec![0; 20] },
        hash_of(AlignmentAtom::Bytes { length: 1 }, 1),
        hash_of(AlignmentAtom::Bytes { length: 120 }, 4),
        I::ConstrainBits { var: 0, bits: 254 },
        I::EcAdd {
            a_x: 0,
            a_y: 1,
            b_x: 2,
            b_y: 3,
        },
    ];
    for instruction in costly {
        let least = least_rows(&instruction) as usize * REPEATED;
        let real = program(vec![instruction.clone(); REPEATED]).model().rows();
        assert!((real / 2..=real).contains(&least), "{instruction:?}: {least} of {real}");
    }
}
