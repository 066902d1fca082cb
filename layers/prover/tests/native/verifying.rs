//! Claims verified together: what holds, what does not, and that one can't hide another.

use std::sync::Arc;

use group::{Group, GroupEncoding};
use midnight_curves::{Bls12, Fq, G1Projective};
use midnight_proofs::plonk::prepare;
use midnight_proofs::poly::commitment::Guard;
use midnight_proofs::poly::kzg::KZGCommitmentScheme;
use midnight_proofs::poly::kzg::msm::DualMSM;
use midnight_proofs::transcript::{CircuitTranscript, Transcript};
use midnight_transient_crypto::curve::Fr;
use midnight_transient_crypto::proofs::{Proof, TranscriptHash};
use nightshift_prover::artifacts::parse;
use nightshift_prover::artifacts::verifier_key::VerifierKey;
use nightshift_prover::error::{Failure, Result};
use nightshift_prover::field::to_decimal;
use nightshift_prover::ops::{self, Claim};
use rmpv::Value;

use crate::fixtures::{case, development_params, params, prepared, proven};
use crate::mutants::mutants;
use crate::server::{Files, Server, bytes, map};

/// Of k = 6, 9 and 13.
const SIZES: [&str; 3] = ["fallible-count", "tv-depositUnshielded-1", "smt-store-12"];

const DOES_NOT_HOLD: &str = "The proof does not hold for this statement and verifier key.";

fn key_of(name: &str) -> Arc<VerifierKey> {
    Arc::new(parse(&prepared(&case(name).circuit).verifier_bytes).unwrap())
}

/// A claim that holds.
fn claim(name: &str) -> Claim {
    let proven = proven(name);
    Claim {
        verifier: key_of(name),
        statement: proven.statement.clone(),
        proof: ops::decode_proof(&proven.proof).unwrap(),
    }
}

fn verify_all(claims: Vec<Claim>) -> Vec<Result<()>> {
    let claims: Vec<_> = claims.into_iter().map(Ok).collect();
    ops::verify_all(&claims, params(0).verifier())
}

/// Without looking at them one by one.
fn hold_together(claims: &[Claim]) -> bool {
    ops::hold_together(&claims.iter().collect::<Vec<_>>(), params(0).verifier())
}

fn does_not_hold() -> Result<()> {
    Err(Failure::invalid_request(DOES_NOT_HOLD))
}

#[test]
fn claims_of_any_circuits_hold_together_the_same_one_twice_too() {
    let claims: Vec<Claim> = SIZES.iter().chain(&SIZES).map(|name| claim(name)).collect();
    assert!(hold_together(&claims));
    assert_eq!(verify_all(claims), vec![Ok(()); 6]);
    assert_eq!(verify_all(vec![claim(SIZES[0])]), vec![Ok(())]);
    assert_eq!(verify_all(vec![]), vec![]);
}

#[test]
fn one_bad_claim_among_good_ones_is_found_wherever_it_stands() {
    for bad in 0..SIZES.len() {
        let mut claims: Vec<Claim> = SIZES.iter().map(|name| claim(name)).collect();
        claims[bad].statement[1] = claims[bad].statement[1] + Fr::from(1);
        assert!(!hold_together(&claims));
        let verdicts = verify_all(claims);
        for (position, verdict) in verdicts.into_iter().enumerate() {
            assert_eq!(verdict, if position == bad { does_not_hold() } else { Ok(()) });
        }
    }
}

#[test]
fn a_claim_fails_for_its_own_reason() {
    let mut short = claim(SIZES[0]);
    short.statement.pop();
    let expected = claim(SIZES[0]).statement.len();
    let empty = Claim {
        statement: vec![],
        proof: Proof(vec![]),
        ..claim(SIZES[0])
    };
    let of_another_circuit = Claim {
        verifier: key_of("composable-inner-get-1"),
        statement: vec![Fr::from(0); key_of("composable-inner-get-1").public_inputs()],
        ..claim(SIZES[0])
    };
    let mut longer = claim(SIZES[0]);
    longer.proof.0.push(0);
    let reasons: Vec<_> = verify_all(vec![short, empty, of_another_circuit, longer, claim(SIZES[0])])
        .into_iter()
        .map(|verdict| verdict.err().map(|failure| failure.message))
        .collect();
    let wrong_length = |length: usize| {
        Some(format!(
            "The statement has {length} elements, the verifier key expects {expected}."
        ))
    };
    let not_held = || Some(DOES_NOT_HOLD.to_string());
    assert_eq!(
        reasons,
        [
            wrong_length(expected - 1),
            wrong_length(0),
            not_held(),
            not_held(),
            None
        ]
    );
}

/// Of two copies of one proof, whose last point is off by D and by -D: the errors cancel each other in a plain sum, and
/// would pass there.
#[test]
fn errors_that_cancel_each_other_are_found() {
    let off_by = |difference: G1Projective| {
        let mut claim = claim(SIZES[0]);
        let start = claim.proof.0.len() - 48;
        let point = G1Projective::from_bytes(&reprs(&claim.proof.0[start..])).unwrap();
        claim.proof.0[start..].copy_from_slice((point + difference).to_bytes().as_ref());
        claim
    };
    let pair = || [off_by(G1Projective::generator()), off_by(-G1Projective::generator())];

    let mut sum = DualMSM::init();
    pair().iter().for_each(|claim| sum.add_msm(equation(claim)));
    assert!(Guard::<Fq, KZGCommitmentScheme<Bls12>>::verify(sum, params(0).verifier()).is_ok());

    assert!(!hold_together(&pair()));
    assert_eq!(verify_all(pair().into()), vec![does_not_hold(); 2]);
    let [one, other] = pair();
    assert_eq!(
        verify_all(vec![claim(SIZES[1]), one, claim(SIZES[0]), other]),
        [Ok(()), does_not_hold(), Ok(()), does_not_hold()]
    );
}

fn reprs(bytes: &[u8]) -> <G1Projective as GroupEncoding>::Repr {
    let mut repr = <G1Projective as GroupEncoding>::Repr::default();
    repr.as_mut().copy_from_slice(bytes);
    repr
}

/// What the claim comes to, before the pairing.
fn equation(claim: &Claim) -> DualMSM<Bls12> {
    let statement: Vec<Fq> = claim.statement.iter().map(|element| element.0).collect();
    prepare::<Fq, KZGCommitmentScheme<Bls12>, CircuitTranscript<TranscriptHash>>(
        claim.verifier.key().vk(),
        &[&[G1Projective::identity()]],
        &[&[&statement]],
        &mut CircuitTranscript::init_from_bytes(&claim.proof.0),
    )
    .unwrap()
}

#[test]
fn damaged_proofs_and_keys_neither_pass_nor_harm_what_stands_beside_them() {
    let good = || Ok(claim(SIZES[0]));
    let beside = |mutant: Result<Claim>| {
        let verdicts = ops::verify_all(&[good(), mutant, good()], params(0).verifier());
        assert_eq!((&verdicts[0], &verdicts[2]), (&Ok(()), &Ok(())));
        verdicts[1].is_ok()
    };
    for mutant in mutants(&proven(SIZES[0]).proof, 60) {
        let claim = ops::decode_proof(&mutant).map(|proof| Claim {
            proof,
            ..claim(SIZES[0])
        });
        assert!(!beside(claim));
    }
    let original = key_of(SIZES[0]);
    for mutant in mutants(&prepared(&case(SIZES[0]).circuit).verifier_bytes, 150) {
        if let Ok(verifier) = parse::<VerifierKey>(&mutant) {
            let same = verifier.fingerprint() == original.fingerprint();
            let verifier = Arc::new(verifier);
            assert!(
                !beside(Ok(Claim {
                    verifier,
                    ..claim(SIZES[0])
                })) || same
            );
        }
    }
}

/// As a request has it.
fn claim_args(files: &Files, name: &str, proof: &[u8], statement: Vec<String>) -> Value {
    let verifier = files.write("verifier", &prepared(&case(name).circuit).verifier_bytes);
    let statement = statement.into_iter().map(Value::from).collect();
    map(vec![
        ("proof", bytes(proof)),
        verifier,
        ("statement", Value::Array(statement)),
    ])
}

#[test]
fn a_server_gives_each_claim_its_verdict() {
    let files = Files::new();
    let name = SIZES[0];
    let proven = proven(name);
    let statement = || -> Vec<String> { proven.statement.iter().map(to_decimal).collect() };
    let mut not_a_number = statement();
    not_a_number[2] = "7f".into();
    let claims = vec![
        claim_args(&files, name, &proven.proof, statement()),
        claim_args(&files, name, b"no proof", statement()),
        claim_args(&files, name, &proven.proof, not_a_number),
        claim_args(&files, name, &proven.proof, vec![]),
        claim_args(&files, name, &proven.proof, statement()),
    ];
    let mut server = Server::start(&[]);
    let verdicts = server.expect("verify", vec![("claims", Value::Array(claims))])["verdicts"].clone();
    let reason = |index: usize| verdicts[index]["reason"].as_str();
    assert_eq!(
        [0, 4].map(|index| verdicts[index].clone()),
        [(); 2].map(|()| map(vec![("valid", true.into())]))
    );
    assert!(
        reason(1)
            .unwrap()
            .starts_with("The proof can't be read: expected header tag 'midnight:proof-versioned:'"),
        "{verdicts}"
    );
    assert_eq!(
        reason(2).unwrap(),
        "Element 2 of the statement must be a decimal number below the BLS12-381 scalar field's modulus."
    );
    assert!(
        reason(3)
            .unwrap()
            .starts_with("The statement has 0 elements, the verifier key expects ")
    );
    assert!([1, 2, 3].iter().all(|index| verdicts[*index]["valid"] == false.into()));

    let none = server.expect("verify", vec![("claims", Value::Array(vec![]))]);
    assert_eq!(none["verdicts"], Value::Array(vec![]));
    server.end_quietly();
}

#[test]
fn a_proof_on_development_parameters_holds_on_them_alone() {
    let files = Files::new();
    let case = case("fallible-count");
    let circuit = &prepared(&case.circuit).circuit;
    let params = development_params(6);
    let keys = ops::keygen(circuit, &params).unwrap();
    let proven = ops::prove(
        &case.preimage(),
        circuit,
        &parse(&keys.prover).unwrap(),
        &parse(&keys.verifier).unwrap(),
        &params,
    )
    .unwrap();
    let statement = proven
        .statement
        .iter()
        .map(|element| to_decimal(element).into())
        .collect();
    let claim = map(vec![
        ("proof", bytes(&proven.proof)),
        files.write("verifier", &keys.verifier),
        ("statement", Value::Array(statement)),
    ]);
    let mut server = Server::start(&[]);
    let mut valid_on = |development: bool| {
        let claims = Value::Array(vec![claim.clone(), claim.clone()]);
        let args = vec![("claims", claims), ("development", development.into())];
        server.expect("verify", args)["verdicts"].clone()
    };
    let each = |valid: bool, verdicts: Value| (0..2).all(|index| verdicts[index]["valid"] == valid.into());
    assert!(each(true, valid_on(true)));
    assert!(each(false, valid_on(false)));
    server.end_quietly();
}
