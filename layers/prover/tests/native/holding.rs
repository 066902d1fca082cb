//! What the built executable holds in memory of the artifacts that it has read.

use nightshift_prover::artifacts::public_params::PublicParams;
use nightshift_prover::artifacts::sha256_hex;
use rmpv::Value;

use crate::server::{Files, Server, map, path};

#[test]
fn a_prover_key_that_alone_is_loaded_tells_how_long_each_step_took() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    let mut args = files.prove_args();
    let midnights = args[2].clone();
    args[2] = files.derived(&files.keys.stored_bytes);
    server.expect("prove", args.clone());
    args[2] = midnights;
    let proven = server.expect("prove", args);
    for timing in ["readMs", "unpackMs", "parseMs"] {
        assert!(proven["timings"][timing].as_f64().unwrap() > 0.0, "{timing}");
    }
    server.end_quietly();
}

#[test]
fn cached_artifacts_need_no_files() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    let args = files.prove_args();
    let hashes = ["ir", "prover", "verifier", "params"].map(|role| Value::from(files.sha256(role)));
    server.expect("prove", args.clone());
    for role in ["ir", "prover", "verifier", "params"] {
        std::fs::remove_file(files.out(role)).unwrap();
    }
    let again = server.expect("prove", args);
    for timing in ["readMs", "unpackMs", "parseMs"] {
        assert_eq!(again["timings"][timing], 0.0.into());
    }
    let unknown = Value::from("00".repeat(32));
    let asked = hashes.iter().cloned().chain([unknown]).collect();
    let held = server.expect("holds", vec![("sha256", Value::Array(asked))]);
    assert_eq!(held["held"], Value::Array(hashes.to_vec()));
    assert_eq!(server.expect("info", vec![])["cachedArtifacts"], 4.into());
    server.end_quietly();
}

#[test]
fn built_in_parameters_need_no_file() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    let sha256 = Value::from(sha256_hex(&PublicParams::embedded().write()));
    let held = server.expect("holds", vec![("sha256", Value::Array(vec![sha256.clone()]))]);
    assert_eq!(held["held"], Value::Array(vec![sha256.clone()]));
    let from = map(vec![("sha256", sha256), ("path", path(&files.out("nowhere")))]);
    let smaller = vec![("k", 6.into()), ("path", path(&files.out("2p6"))), ("from", from)];
    server.expect("params", smaller);
    assert_eq!(files.sha256("2p6"), files.sha256("params"));
    server.end_quietly();
}

#[test]
fn the_cache_keeps_within_its_bound() {
    const BOUND: u64 = 300_000;
    let files = Files::new();
    let mut server = Server::start(&[("NIGHTSHIFT_CACHE_BYTES", &BOUND.to_string())]);
    server.expect("prove", files.prove_args());
    let info = server.expect("info", vec![]);
    let bytes = info["cacheBytes"].as_u64().unwrap();
    assert!(bytes > 0 && bytes <= BOUND, "{info}");
    server.expect("prove", files.prove_args());
    server.end_quietly();
}

#[test]
fn a_corrupt_artifact_is_found_before_it_is_parsed() {
    let files = Files::new();
    let args = files.prove_args();
    std::fs::write(files.out("prover"), b"something else").unwrap();
    let mut server = Server::start(&[]);
    let reply = server.ask("prove", args);
    assert_eq!(reply["error"]["code"], "ARTIFACT_CORRUPT".into());
    let message = reply["error"]["message"].as_str().unwrap();
    assert!(message.contains("prover key") && message.contains(&sha256_hex(b"something else")));
    assert!(message.contains(&sha256_hex(&files.keys.prover_bytes)));
    server.end_quietly();
}
