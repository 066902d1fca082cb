//! Mutated bytes of every kind: each gives a value or an error; never a panic, and no error tells of a witness.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use midnight_ledger::structure::ProofPreimageVersioned;
use midnight_transient_crypto::curve::Fr;
use midnight_transient_crypto::proofs::{ProofPreimage, ProvingKeyMaterial};
use nightshift_prover::artifacts::circuit::Circuit;
use nightshift_prover::artifacts::prover_key::ProverKey;
use nightshift_prover::artifacts::public_params::PublicParams;
use nightshift_prover::artifacts::verifier_key::VerifierKey;
use nightshift_prover::artifacts::{parse, preimage};
use nightshift_prover::error::{Code, Failure};
use nightshift_prover::field::to_decimal;
use nightshift_prover::ops::{self, Endpoint};
use nightshift_prover::{memory, tagged};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::fixtures::{
    SMALL, case, circuit_file, key_material, params, prepared, proven, transaction_body, transaction_body_with,
};
use crate::mutants::{SEED, mutants, recompress, uncompress};

/// Above what all tests together need, and far below what one believed length would take.
const MEMORY_BOUND: u64 = 2 << 30;

/// Fails if the message could hold a field element, as decimal digits or in hex.
fn assert_discreet(failure: &Failure) {
    const LONGEST_RUN: usize = 12;
    let mut run = 0;
    for char in failure.message.chars() {
        run = if char.is_ascii_hexdigit() { run + 1 } else { 0 };
        assert!(run <= LONGEST_RUN, "{failure}");
    }
}

fn assert_memory_bounded() {
    assert!(memory::peak_resident_bytes() < MEMORY_BOUND);
}

/// A failure that a mutant is allowed to give.
fn tolerate<T>(result: Result<T, Failure>, codes: &[Code]) -> Option<T> {
    result
        .inspect_err(|failure| {
            assert_discreet(failure);
            assert!(codes.contains(&failure.code), "{failure}");
        })
        .ok()
}

const MALFORMED: [Code; 3] = [Code::InvalidRequest, Code::InvalidCircuit, Code::CircuitTooLarge];
const UNPROVABLE: [Code; 4] = [
    Code::InvalidWitness,
    Code::KeyMismatch,
    Code::ParamsUnavailable,
    Code::ProofGenerationFailed,
];

fn witness() -> ProofPreimage {
    case("fallible-count").preimage()
}

#[test]
fn preimages() {
    let keys = prepared(SMALL);
    let bytes = preimage::write(witness());
    for mutant in mutants(&bytes, 600) {
        if let Some(preimage) = tolerate(preimage::read(&mutant), &MALFORMED) {
            tolerate(ops::statement(&keys.circuit, &preimage), &[Code::InvalidWitness]);
        }
    }
    assert_memory_bounded();
}

#[test]
fn witnesses_that_do_not_satisfy_their_circuit() {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut failures = 0;
    for name in [
        "fallible-count",
        "tv-depositUnshielded-1",
        "smt-store-12",
        "dust-spend",
        "zswap-output-user",
    ] {
        let case = case(name);
        let keys = prepared(&case.circuit);
        for _ in 0..40 {
            let mut preimage = case.preimage();
            let fields = [
                &mut preimage.inputs,
                &mut preimage.private_transcript,
                &mut preimage.public_transcript_inputs,
                &mut preimage.public_transcript_outputs,
            ];
            let mut elements: Vec<&mut Fr> = fields.into_iter().flat_map(|field| field.iter_mut()).collect();
            let position = random.gen_range(0..elements.len());
            *elements[position] = random.r#gen();
            let told = to_decimal(elements[position]);
            if let Err(failure) = ops::check(&keys.circuit, &preimage) {
                assert_eq!(failure.code, Code::InvalidWitness);
                assert!(!failure.message.contains(&told));
                assert_discreet(&failure);
                failures += 1;
            }
        }
    }
    assert!(failures > 100, "only {failures} mutants failed");
}

#[test]
fn binary_zkir() {
    let bytes = prepared(SMALL).circuit.canonical_bytes();
    for mutant in mutants(&bytes, 500) {
        try_circuit(&mutant);
    }
    assert_memory_bounded();
}

#[test]
fn json_zkir() {
    let bytes = std::fs::read(circuit_file(SMALL)).unwrap();
    for mutant in mutants(&bytes, 500) {
        try_circuit(&mutant);
    }
    let nested = format!(r#"{{"version":{}"#, "[".repeat(1 << 20));
    assert_eq!(
        parse::<Circuit>(nested.as_bytes()).unwrap_err().code,
        Code::InvalidCircuit
    );
    let huge = vec![b' '; 17 << 20];
    assert_eq!(parse::<Circuit>(&huge).unwrap_err().code, Code::CircuitTooLarge);
    assert_memory_bounded();
}

fn try_circuit(bytes: &[u8]) {
    if let Some(circuit) = tolerate(parse::<Circuit>(bytes), &MALFORMED) {
        tolerate(circuit.k(), &MALFORMED);
        tolerate(ops::statement(&circuit, &witness()), &[Code::InvalidWitness]);
    }
}

#[test]
fn prover_keys() {
    let keys = prepared(SMALL);
    let well_formed = Cell::new(0);
    let try_key = |bytes: &[u8]| {
        if let Some(prover) = tolerate(parse::<ProverKey>(bytes), &MALFORMED) {
            well_formed.set(well_formed.get() + 1);
            let proven = ops::prove(&witness(), &keys.circuit, &prover, &keys.verifier, &keys.params);
            tolerate(proven, &UNPROVABLE);
        }
    };
    for mutant in mutants(&keys.prover_bytes, 150) {
        try_key(&mutant);
    }
    let raw = uncompress(&keys.prover_bytes);
    for mutant in mutants(&raw, 150) {
        try_key(&recompress(&mutant));
    }
    // The counts and lengths are near the front, behind the program.
    let program = keys.circuit.canonical_bytes().len();
    for mutant in mutants(&raw[..program + 64], 100) {
        try_key(&recompress(&[&mutant[..], &raw[mutant.len()..]].concat()));
    }
    assert!(
        well_formed.get() > 100,
        "only {} mutants got as far as a proof",
        well_formed.get()
    );
    assert_memory_bounded();
}

#[test]
fn prover_keys_that_claim_to_be_enormous() {
    let raw = uncompress(&prepared(SMALL).prover_bytes);
    let [range_table_at, k_at] = [0, 1];
    for (position, values) in [(range_table_at, [0, 25, 255]), (k_at, [16, 32, 255])] {
        for value in values {
            let mut claiming = raw.clone();
            claiming[position] = value;
            let failure = parse::<ProverKey>(&recompress(&claiming)).err().unwrap();
            assert!(failure.message.ends_with("its size is not its circuit's."), "{failure}");
        }
    }
    let longer = [&raw[..], &[0]].concat();
    let failure = parse::<ProverKey>(&recompress(&longer)).err().unwrap();
    assert!(
        failure.message.ends_with("it is longer than its circuit's key."),
        "{failure}"
    );

    // A program of zero bytes without end, in a few compressed bytes.
    let bomb = [&[8, 10][..], &[0xff; 5], &vec![0; 256 << 20]].concat();
    assert_eq!(
        parse::<ProverKey>(&recompress(&bomb)).err().unwrap().code,
        Code::InvalidCircuit
    );
    assert_memory_bounded();
}

#[test]
fn verifier_keys() {
    let (keys, proven) = (prepared(SMALL), proven("fallible-count"));
    let proof = ops::decode_proof(&proven.proof).unwrap();
    let verifier_params = keys.params.verifier();
    for mutant in mutants(&keys.verifier_bytes, 1500) {
        if let Some(verifier) = tolerate(parse::<VerifierKey>(&mutant), &MALFORMED) {
            let valid = ops::verify(&verifier, verifier_params, &proven.statement, &proof).is_ok();
            assert!(!valid || verifier.fingerprint() == keys.verifier.fingerprint());
        }
    }
    assert!(parse::<VerifierKey>(&vec![0; 60_000]).is_err());
    assert_memory_bounded();
}

#[test]
fn proofs() {
    let (keys, proven) = (prepared(SMALL), proven("fallible-count"));
    for mutant in mutants(&proven.proof, 400) {
        if let Some(proof) = tolerate(ops::decode_proof(&mutant), &MALFORMED) {
            assert!(ops::verify(&keys.verifier, keys.params.verifier(), &proven.statement, &proof).is_err());
        }
    }
}

#[test]
fn public_parameters() {
    let keys = prepared(SMALL);
    let bytes = params(6).write();
    for mutant in mutants(&bytes, 100) {
        if let Some(params) = tolerate(parse::<PublicParams>(&mutant), &MALFORMED) {
            let proven = ops::prove(&witness(), &keys.circuit, &keys.prover, &keys.verifier, &params);
            tolerate(proven, &UNPROVABLE);
        }
    }
    for k in [7, 25, 26, 31, 32, 64, u32::MAX] {
        let claiming = [&k.to_le_bytes()[..], &bytes[4..]].concat();
        assert!(
            tolerate(parse::<PublicParams>(&claiming), &MALFORMED).is_none(),
            "k={k} was believed"
        );
    }
    assert_memory_bounded();
}

#[test]
fn request_bodies() {
    let preimage = ProofPreimageVersioned::V2(Arc::new(witness()));
    let body = (preimage, Some(short_material()), Some(Fr::from(7)));
    for mutant in mutants(&tagged::write(&body), 600) {
        tolerate(ops::inspect(Endpoint::Prove, &mutant, None), &MALFORMED);
    }
    let absurd_length = [&preimage_header()[..], &[1, 0x03, 0xff, 0xff, 0xff, 0xff]].concat();
    assert!(tolerate(preimage::read(&absurd_length), &MALFORMED).is_none());
    assert_memory_bounded();
}

#[test]
fn transaction_bodies() {
    let keys = HashMap::from([("count".to_string(), short_material())]);
    let bodies = ["zswap-two-outputs", "dust-spend", "deploy"].map(transaction_body);
    for body in bodies
        .into_iter()
        .chain([transaction_body_with("fallible-count", keys)])
    {
        let mut parsed = 0;
        for mutant in mutants(&body, 1500) {
            parsed += tolerate(ops::transaction(&mutant), &MALFORMED).iter().count();
        }
        assert!(parsed > 0, "no mutant got through the decoder");
    }
    assert_memory_bounded();
}

/// Keys of which most bytes are parsed.
fn short_material() -> ProvingKeyMaterial {
    ProvingKeyMaterial {
        prover_key: vec![7; 100],
        ..key_material(SMALL)
    }
}

fn preimage_header() -> Vec<u8> {
    b"midnight:proof-preimage-versioned:".to_vec()
}
