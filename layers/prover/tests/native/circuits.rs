//! Every circuit at hand keeps to the rules, and has the `k` that Midnight's tools give it.

use nightshift_prover::artifacts::circuit::Circuit;
use nightshift_prover::artifacts::{load_file, parse};
use nightshift_prover::error::Code;

use crate::fixtures::circuit_file;

const CIRCUITS: [(&str, u8); 21] = [
    ("dust/spend", 13),
    ("zswap/spend", 15),
    ("zswap/sign", 13),
    ("zswap/output", 14),
    ("token-vault/getUnshieldedBalance", 9),
    ("token-vault/withdrawShielded", 15),
    ("token-vault/depositShielded", 16),
    ("token-vault/getShieldedBalance", 7),
    ("token-vault/depositUnshielded", 9),
    ("token-vault/withdrawUnshielded", 13),
    ("simple-merkle-tree/store", 13),
    ("simple-merkle-tree/check", 13),
    ("micro-dao/advance", 13),
    ("micro-dao/cashOut", 15),
    ("micro-dao/setTopic", 13),
    ("micro-dao/voteCommit", 14),
    ("micro-dao/buyIn", 16),
    ("micro-dao/voteReveal", 13),
    ("composable-inner/get", 6),
    ("composable-inner/set", 13),
    ("fallible/count", 6),
];

#[test]
fn all_are_taken_in_both_forms() {
    for (name, k) in CIRCUITS {
        let circuit: Circuit = load_file(&circuit_file(name)).unwrap();
        assert_eq!(circuit.k(), Ok(k), "{name}");
        let binary: Circuit = parse(&circuit.canonical_bytes()).unwrap();
        assert_eq!(binary.source(), circuit.source());
        assert_eq!(binary.sha256(), circuit.sha256());
    }
}

#[test]
fn other_versions_are_named_beside_those_that_are_served() {
    let named = [
        (
            &br#"{"version":{"major":3,"minor":0},"inputs":[],"outputs":[]}"#[..],
            "this is 3.0, and this server reads 2.0",
        ),
        (
            br#" {"version":{"major":2,"minor":1}}"#,
            "this is 2.1, and this server reads 2.0",
        ),
        (
            b"midnight:ir-source[v3]:\x00\x00\x00",
            "this is ir-source[v3], and this server reads ir-source[v2]",
        ),
        (
            b"midnight:ir-source[v3-generic]:",
            "this is ir-source[v3-generic], and this server reads ir-source[v2]",
        ),
    ];
    for (bytes, text) in named {
        assert_eq!(refusal(bytes), format!("Unsupported ZKIR version: {text}"));
    }
}

#[test]
fn what_is_no_zkir_is_unsupported() {
    assert_eq!(
        refusal(b""),
        "Unsupported ZKIR version: expected header tag 'midnight:ir-source[v2]:', got ''"
    );
    assert_eq!(
        refusal(br#"{"key":"value"}"#),
        "Unsupported ZKIR version: Expected a version entry"
    );
    assert!(refusal(&[0; 64]).starts_with("Unsupported ZKIR version: expected header tag"));
}

fn refusal(bytes: &[u8]) -> String {
    let failure = parse::<Circuit>(bytes).unwrap_err();
    assert_eq!(failure.code, Code::InvalidCircuit);
    failure.message
}
