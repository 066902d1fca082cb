//! Development parameters: insecure, and the same everywhere.

use std::collections::HashMap;

use nightshift_prover::artifacts::public_params::PublicParams;
use nightshift_prover::artifacts::sha256_hex;
use nightshift_prover::error::Code;
use serde::Deserialize;

use crate::fixtures::{assets, development_params, params};
use crate::server::{Files, Server, path};

#[derive(Deserialize)]
struct Pins {
    srs: HashMap<String, String>,
}

fn pinned(k: u8) -> String {
    let file = std::fs::read(assets().join("development-sha256.json")).unwrap();
    let Pins { mut srs } = serde_json::from_slice(&file).unwrap();
    srs.remove(&format!("bls_development_2p{k}")).unwrap()
}

#[test]
fn they_are_the_pinned_ones() {
    for k in (0..=12).chain([15]) {
        assert_eq!(sha256_hex(&development_params(k).write()), pinned(k), "k={k}");
    }
    let failure = PublicParams::development(20).err().unwrap();
    assert_eq!(failure.code, Code::ParamsUnavailable);
}

/// Which also holds the Lagrange basis against the one that the proving library computes.
#[test]
fn derived_from_larger_ones_they_are_the_same() {
    let larger = development_params(9);
    for k in [0, 5, 8] {
        assert_eq!(sha256_hex(&larger.derive(k).unwrap().write()), pinned(k), "k={k}");
    }
}

#[test]
fn nothing_in_them_is_midnights() {
    assert_ne!(development_params(6).write(), params(6).write());
    assert_ne!(development_params(6).kzg().s_g2(), params(6).kzg().s_g2());
}

#[test]
fn they_are_made_on_request_and_never_derived() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    let args = |k: u8| {
        vec![
            ("k", k.into()),
            ("path", path(&files.out("made"))),
            ("development", true.into()),
        ]
    };
    let made = server.expect("params", args(7));
    assert_eq!(made["sha256"], pinned(7).into());
    assert_eq!(files.sha256("made"), pinned(7));
    assert_eq!(server.expect_error("params", args(20)), "PARAMS_UNAVAILABLE");
    assert_eq!(server.expect_error("params", args(255)), "PARAMS_UNAVAILABLE");
    let from = ("from", files.artifact("params").1);
    let both = args(5).into_iter().chain([from]).collect();
    assert_eq!(server.expect_error("params", both), "INVALID_REQUEST");
    server.end_quietly();
}
