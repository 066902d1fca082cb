//! Bodies of `/prove-tx`, made by the official packages.

use std::collections::HashMap;

use midnight_serialize::Serializable;
use midnight_transient_crypto::proofs::ProvingKeyMaterial;
use nightshift_prover::error::{Code, Failure};
use nightshift_prover::ops::transaction;

use crate::fixtures::{SMALL, key_material, prepared, transaction_body, transaction_body_with};
use crate::mutants::mutants;
use crate::server::{Server, bytes, map};

const HEADER: &str =
    "midnight:(transaction[v9](signature[v1],proof-preimage,embedded-fr[v1]),map(string,proving-data)):";
const TRANSACTION_HEADER: &str = "midnight:transaction[v9](signature[v1],proof-preimage,embedded-fr[v1]):";

/// A call of the small circuit.
const SMALL_CALL: &str = "fallible-count";

/// The tagged transaction in a body without keys.
fn transaction_in(body: &[u8]) -> Vec<u8> {
    let inner = body.strip_prefix(HEADER.as_bytes()).unwrap();
    let (no_keys, transaction) = inner.split_last().unwrap();
    assert_eq!(*no_keys, 0);
    [TRANSACTION_HEADER.as_bytes(), transaction].concat()
}

fn refusal(body: &[u8]) -> Failure {
    transaction(body).unwrap_err()
}

fn text(body: &[u8]) -> String {
    let failure = refusal(body);
    assert_eq!(failure.code, Code::InvalidRequest);
    failure.message
}

#[test]
fn a_transaction_comes_out_as_it_went_in() {
    for name in ["zswap-two-outputs", "dust-spend", "fallible-count", "deploy"] {
        let body = transaction_body(name);
        let parts = transaction(&body).unwrap();
        assert_eq!(parts.transaction, transaction_in(&body), "{name}");
        assert!(parts.keys.is_empty());
    }
}

#[test]
fn keys_come_by_location_with_their_k() {
    let keys = [("count", SMALL), ("get", "composable-inner/get")];
    let keys = keys.map(|(location, circuit)| (location.to_string(), key_material(circuit)));
    let parts = transaction(&transaction_body_with(SMALL_CALL, keys.clone().into())).unwrap();
    assert_eq!(parts.transaction, transaction_in(&transaction_body(SMALL_CALL)));
    assert_eq!(parts.keys.len(), keys.len());
    for (location, sent) in keys {
        let found = &parts.keys[&location];
        assert_eq!(found.size.k, 6);
        assert!(found.ir == sent.ir_source && found.prover == sent.prover_key && found.verifier == sent.verifier_key);
    }
}

#[test]
fn bad_bodies_get_the_references_text() {
    let expected = |found: &str| format!("expected header tag '{HEADER}', got '{found}'");
    let hidden = "\u{fffd}";
    assert_eq!(text(b""), expected(""));
    assert_eq!(text(&[0; 100]), expected(&hidden.repeat(HEADER.len())));
    assert_eq!(
        text(br#"{"key":"value"}"#),
        expected(&format!("{hidden}{hidden}key{hidden}:{hidden}value{hidden}{hidden}"))
    );
    let body = transaction_body(SMALL_CALL);
    assert_eq!(
        text(&body.repeat(2)),
        format!(
            "Not all bytes read deserializing '{HEADER}'; {} bytes remaining",
            body.len()
        )
    );
    assert_eq!(text(&body[..body.len() - 1]), "failed to fill whole buffer");
    assert_eq!(text(&body[..body.len() / 2]), "failed to fill whole buffer");
}

#[test]
fn a_transaction_of_another_version_is_told_what_is_spoken() {
    let another = HEADER.replace("[v9]", "[v10]");
    let message = text(&[another.as_bytes(), &transaction_body(SMALL_CALL)[HEADER.len()..]].concat());
    assert!(message.starts_with(&format!(
        "expected header tag '{HEADER}', got 'midnight:(transaction[v10]("
    )));
    assert!(message.ends_with("; this server speaks proof version V2 and ZKIR version v2"));
}

#[test]
fn circuits_that_cannot_be_read_have_their_own_code() {
    let material = ProvingKeyMaterial {
        ir_source: b"midnight:ir-source[v3]:".to_vec(),
        ..key_material(SMALL)
    };
    let failure = refusal(&transaction_body_with(
        SMALL_CALL,
        HashMap::from([("count".into(), material)]),
    ));
    assert_eq!(failure.code, Code::InvalidCircuit);
    assert!(
        failure
            .message
            .starts_with("Unsupported ZKIR version: this is ir-source[v3]")
    );
}

#[test]
fn keys_are_bounded() {
    let keys = |count| {
        (0..count)
            .map(|number| (format!("{number:03}"), key_material(SMALL)))
            .collect()
    };
    assert_eq!(
        transaction(&transaction_body_with(SMALL_CALL, keys(64)))
            .unwrap()
            .keys
            .len(),
        64
    );
    assert!(text(&transaction_body_with(SMALL_CALL, keys(65))).contains("65 circuits, of at most 64"));
}

/// The second node refers to the first, a megabyte, a million times: the library would hash for an hour.
#[test]
fn a_transaction_that_would_take_hours_to_read_is_refused() {
    const MILLION: u32 = 1 << 20;
    let mut body = HEADER.as_bytes().to_vec();
    let no_children = 0u32;
    for number in [2, no_children, MILLION] {
        number.serialize(&mut body).unwrap();
    }
    body.extend(vec![0; MILLION as usize]);
    MILLION.serialize(&mut body).unwrap();
    body.extend(vec![0; MILLION as usize]);
    assert!(text(&body).starts_with("The transaction is too large: "));
}

#[test]
fn a_transaction_comes_without_its_keys() {
    let material = key_material(SMALL);
    let keys = HashMap::from([("count".to_string(), material.clone())]);
    let mut server = Server::start(&[]);
    let body = transaction_body_with("fallible-count", keys);
    let answer = server.expect("transaction", vec![("body", bytes(&body))]);
    let transaction = answer["transaction"].as_slice().unwrap();
    assert!(transaction.starts_with(TRANSACTION_HEADER.as_bytes()));
    let expected = map(vec![
        ("ir", bytes(&material.ir_source)),
        ("prover", bytes(&material.prover_key)),
        ("verifier", bytes(&material.verifier_key)),
        ("k", 6.into()),
        (
            "provingBytes",
            prepared(SMALL).circuit.size().unwrap().proving_bytes.into(),
        ),
    ]);
    assert_eq!(answer["keys"], map(vec![("count", expected)]));
    server.end_quietly();
}

/// The ledger's library keeps what it reads in one table for the whole process.
#[test]
fn memory_does_not_grow_with_the_transactions_read() {
    const TRANSACTIONS: usize = 1000;
    const GROWTH_BOUND: u64 = 4 << 20;
    let bodies = ["zswap-two-outputs", "dust-spend", "deploy", "fallible-count"].map(transaction_body);
    let mutants: Vec<_> = bodies.iter().flat_map(|body| mutants(body, TRANSACTIONS / 4)).collect();
    let mut server = Server::start(&[]);
    let mut read_all = || {
        for body in bodies.iter().chain(&mutants) {
            server.ask("transaction", vec![("body", bytes(body))]);
        }
        server.expect("info", vec![])["residentBytes"].as_u64().unwrap()
    };
    let warm = read_all();
    let later = read_all().max(read_all());
    assert!(later < warm + GROWTH_BOUND, "{warm} bytes became {later}");
    server.end_quietly();
}
