//! Derived parameters and keys are byte-identical to the ones that Midnight pins.

use std::collections::HashMap;

use nightshift_prover::artifacts::public_params::PublicParams;
use nightshift_prover::artifacts::{Artifact, sha256_hex};
use nightshift_prover::error::Code;
use serde::Deserialize;

use crate::fixtures::{assets, params, prepared};

#[derive(Deserialize)]
struct Pins {
    srs: HashMap<String, String>,
    keys: HashMap<String, String>,
}

fn pins() -> Pins {
    let file = std::fs::read(assets().join("sha256.json")).unwrap();
    serde_json::from_slice(&file).unwrap()
}

#[test]
fn parameters_up_to_the_embedded_ones() {
    let pinned = pins().srs;
    for k in 0..=14 {
        let derived = sha256_hex(&params(k).write());
        assert_eq!(derived, pinned[&format!("bls_midnight_2p{k}")], "k={k}");
    }
    assert_eq!(
        sha256_hex(&PublicParams::smallest().write()),
        pinned["bls_midnight_2p0"]
    );
}

#[test]
fn the_embedded_parameters_are_known_by_their_hash_alone() {
    for (name, sha256) in pins().srs {
        let built_in = PublicParams::built_in(&sha256);
        assert_eq!(
            built_in.map(sha256_hex),
            (name == "bls_midnight_2p14").then_some(sha256)
        );
    }
}

#[test]
fn larger_parameters_are_unavailable() {
    let failure = params(6).derive(7).err().unwrap();
    assert_eq!(failure.code, Code::ParamsUnavailable);
    assert!(failure.message.contains("bls_midnight_2p7"));
}

#[test]
fn keys_of_the_built_in_circuits() {
    let pinned = pins().keys;
    for name in ["zswap/output", "zswap/sign", "dust/spend"] {
        let keys = prepared(name);
        assert_eq!(sha256_hex(&keys.prover_bytes), pinned[&format!("{name}.prover")]);
        assert_eq!(sha256_hex(&keys.verifier_bytes), pinned[&format!("{name}.verifier")]);
        assert_eq!(keys.circuit.sha256(), pinned[&format!("{name}.bzkir")]);
    }
}
