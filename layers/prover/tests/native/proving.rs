//! Proof preimages from the official packages: checked, proven, verified, tampered with.

use midnight_transient_crypto::curve::Fr;
use midnight_transient_crypto::proofs::Proof;
use nightshift_prover::artifacts::sha256_hex;
use nightshift_prover::error::Code;
use nightshift_prover::ops::{self, Proven};
use serde_json::json;

use crate::fixtures::{SMALL, case, cases, params, prepared, prove};

const LARGEST_K: u8 = 15;

#[test]
fn all_prove_and_verify() {
    for case in cases().iter().filter(|case| case.satisfies() && case.k <= LARGEST_K) {
        let keys = prepared(&case.circuit);
        let preimage = case.preimage();
        assert_eq!(preimage.key_location.0, case.key_location);
        assert_eq!(
            json!(ops::check(&keys.circuit, &preimage).unwrap()),
            case.check,
            "{}",
            case.name
        );

        let proven = prove(case);
        assert_eq!(keys.prover.k(), case.k);
        assert_eq!(
            ops::statement(&keys.circuit, &preimage).unwrap(),
            proven.statement,
            "{}",
            case.name
        );
        assert_eq!(proven.statement[0], preimage.binding_input);
        let proof = ops::decode_proof(&proven.proof).unwrap();
        assert_eq!(
            ops::verify(&keys.verifier, keys.params.verifier(), &proven.statement, &proof),
            Ok(())
        );
    }
}

#[test]
fn a_check_is_answered_in_the_wire_format() {
    let result = ops::encode_result(&vec![None, Some(5)]);
    assert_eq!(result, b"midnight:vec(option(u64)):\x08\x00\x01\x14");
}

#[test]
fn a_preimage_that_must_fail_fails() {
    let negative = case("NEGATIVE-fallible-count-first-true");
    let keys = prepared(&negative.circuit);
    let failure = ops::prove(
        &negative.preimage(),
        &keys.circuit,
        &keys.prover,
        &keys.verifier,
        &keys.params,
    );
    let failure = failure.unwrap_err();
    assert_eq!(failure.code, Code::InvalidWitness);
    assert_eq!(json!(format!("Error: {}", failure.message)), negative.check);
}

#[test]
fn what_was_tampered_with_does_not_verify() {
    let keys = prepared(SMALL);
    let Proven { proof, statement, .. } = prove(&case("fallible-count"));
    let proof = ops::decode_proof(&proof).unwrap();
    let params = params(0);
    let verify = |statement: &[Fr], proof: &Proof| ops::verify(&keys.verifier, params.verifier(), statement, proof);
    assert_eq!(verify(&statement, &proof), Ok(()));

    for position in [0, proof.0.len() / 2, proof.0.len() - 1] {
        let mut tampered = proof.clone();
        tampered.0[position] ^= 1;
        assert!(verify(&statement, &tampered).is_err());
    }
    for position in 0..statement.len() {
        let mut tampered = statement.clone();
        tampered[position] = tampered[position] + Fr::from(1);
        assert!(verify(&tampered, &proof).is_err());
    }
    let failure = verify(&statement[1..], &proof).unwrap_err();
    assert!(failure.message.contains("the verifier key expects"));
    assert!(verify(&[], &proof).is_err());
}

#[test]
fn the_binding_input_is_bound() {
    let mut with_other_input = case("fallible-count");
    let plain = prove(&with_other_input).statement;
    with_other_input.binding_input = Some("7".into());
    let bound = prove(&with_other_input).statement;
    assert_eq!(bound[0], Fr::from(7));
    assert_ne!(bound, plain);
}

#[test]
fn keys_of_another_circuit_are_a_mismatch() {
    let count = prepared(SMALL);
    let get = prepared("composable-inner/get");
    let preimage = case("fallible-count").preimage();
    let code = |prover, verifier| {
        ops::prove(&preimage, &count.circuit, prover, verifier, &count.params)
            .unwrap_err()
            .code
    };
    assert_eq!(code(&get.prover, &count.verifier), Code::KeyMismatch);
    assert_eq!(code(&count.prover, &get.verifier), Code::KeyMismatch);
    assert_eq!(code(&get.prover, &get.verifier), Code::KeyMismatch);
}

#[test]
fn parameters_for_another_k_are_refused() {
    let keys = prepared(SMALL);
    let preimage = case("fallible-count").preimage();
    let failure = ops::prove(&preimage, &keys.circuit, &keys.prover, &keys.verifier, &params(7)).unwrap_err();
    assert_eq!(failure.code, Code::ParamsUnavailable);
    assert_eq!(
        ops::keygen(&keys.circuit, &params(7)).unwrap_err().code,
        Code::ParamsUnavailable
    );
}

#[test]
fn proofs_differ_and_statements_do_not() {
    let [first, second] = [(); 2].map(|()| prove(&case("fallible-count")));
    assert_eq!(first.statement, second.statement);
    assert_ne!(sha256_hex(&first.proof), sha256_hex(&second.proof));
}

#[test]
fn a_preimage_of_another_circuit_is_told_where_it_does_not_fit() {
    const ANOTHER: &str = ": the proof preimage is probably that of another circuit";
    let refusal = |name: &str, circuit: &str| {
        let failure = ops::check(&prepared(circuit).circuit, &case(name).preimage()).unwrap_err();
        assert_eq!(failure.code, Code::InvalidWitness);
        failure.message
    };
    assert_eq!(
        refusal("fallible-count", "token-vault/depositUnshielded"),
        format!("Expected 3 inputs, received 0{ANOTHER}")
    );
    assert_eq!(
        refusal("fallible-count", "composable-inner/get"),
        "Public transcript input mismatch for input 0"
    );
    let mut longer = case("fallible-count").preimage();
    longer.private_transcript.push(1.into());
    assert_eq!(
        ops::check(&prepared(SMALL).circuit, &longer).unwrap_err().message,
        format!("Transcripts not fully consumed{ANOTHER}")
    );
}
