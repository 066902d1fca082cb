//! Circuits before their keys are made, keys that were made elsewhere, and keys in the stored form.

use nightshift_prover::artifacts::sha256_hex;
use rmpv::Value;

use crate::fixtures::{SMALL, case, circuit_file, prepared};
use crate::mutants::{mutants, recompress, uncompress};
use crate::server::{Files, Server, bytes, map, path};

const OTHER: &str = "composable-inner/get";

/// In JSON, as a compiler would write it.
fn program(instructions: usize, instruction: &str) -> Value {
    let list = vec![instruction; instructions].join(",");
    let program = format!(
        r#"{{"version":{{"major":2,"minor":0}},"do_communications_commitment":false,"num_inputs":2,"instructions":[{list}]}}"#
    );
    bytes(program.as_bytes())
}

#[test]
fn a_circuit_is_described_in_both_forms_and_with_its_verifier_key() {
    let mut server = Server::start(&[]);
    let keys = prepared(SMALL);
    let json = std::fs::read(circuit_file(SMALL)).unwrap();
    let described = server.expect("circuit", vec![("ir", bytes(&json))]);
    let size = keys.circuit.size().unwrap();
    let expected = vec![
        ("ir", bytes(&keys.circuit.canonical_bytes())),
        ("sha256", keys.circuit.sha256().into()),
        ("k", 6.into()),
        ("provingBytes", size.proving_bytes.into()),
    ];
    assert_eq!(described, map(expected.clone()));

    let binary = ("ir", described["ir"].clone());
    let verifier = ("verifier", bytes(&keys.verifier_bytes));
    let digest = map(vec![
        ("sha256", sha256_hex(&keys.verifier_bytes).into()),
        ("bytes", keys.verifier_bytes.len().into()),
    ]);
    let with_key = expected.into_iter().chain([("verifier", digest)]).collect();
    assert_eq!(server.expect("circuit", vec![binary, verifier]), map(with_key));
    server.end_quietly();
}

#[test]
fn a_verifier_key_is_taken_at_its_word_for_k() {
    let mut server = Server::start(&[("NIGHTSHIFT_MAX_K", "12")]);
    let ir = ("ir", bytes(&prepared(SMALL).circuit.canonical_bytes()));
    let with = |name| vec![ir.clone(), ("verifier", bytes(&prepared(name).verifier_bytes))];
    let larger = server.expect("circuit", with("token-vault/depositUnshielded"));
    assert_eq!(larger["k"], 9.into());
    assert_eq!(server.expect_error("circuit", with("zswap/sign")), "CIRCUIT_TOO_LARGE");
    server.end_quietly();
}

#[test]
fn a_circuit_of_a_million_instructions_is_refused_at_once() {
    const MEMORY_BOUND: u64 = 512 << 20;
    let mut server = Server::start(&[]);
    let free = [r#"{"op":"copy","var":0}"#, r#"{"op":"pi_skip","guard":null,"count":0}"#];
    for instruction in free {
        let many = program(1_000_000, instruction);
        assert_eq!(server.expect_error("circuit", vec![("ir", many)]), "CIRCUIT_TOO_LARGE");
    }
    // Fewer, but of more rows than there may be.
    let mut small = Server::start(&[("NIGHTSHIFT_MAX_K", "17")]);
    let many = program(200_000, r#"{"op":"add","a":0,"b":1}"#);
    assert_eq!(small.expect_error("circuit", vec![("ir", many)]), "CIRCUIT_TOO_LARGE");
    for mut server in [server, small] {
        let peak = server.expect("info", vec![])["peakResidentBytes"].as_u64().unwrap();
        assert!(peak < MEMORY_BOUND, "{peak} bytes");
        server.end_quietly();
    }
}

#[test]
fn what_is_no_circuit_or_no_verifier_key_is_told() {
    let mut server = Server::start(&[]);
    let keys = prepared(SMALL);
    let ir = keys.circuit.canonical_bytes();
    let args = |ir: &[u8], verifier: &[u8]| vec![("ir", bytes(ir)), ("verifier", bytes(verifier))];
    for (ir, verifier) in [(&b"junk"[..], &keys.verifier_bytes[..]), (&ir, b"junk"), (&ir, b"")] {
        assert_eq!(server.expect_error("circuit", args(ir, verifier)), "INVALID_CIRCUIT");
    }
    let known = ["INVALID_CIRCUIT", "CIRCUIT_TOO_LARGE"];
    for verifier in mutants(&keys.verifier_bytes, 150) {
        let reply = server.ask("circuit", args(&ir, &verifier));
        let code = reply["error"]["code"].as_str();
        assert!(code.is_none_or(|code| known.contains(&code)), "{reply}");
    }
    for ir in mutants(&ir, 150) {
        let reply = server.ask("circuit", args(&ir, &keys.verifier_bytes));
        let code = reply["error"]["code"].as_str();
        assert!(code.is_none_or(|code| known.contains(&code)), "{reply}");
    }
    server.end_quietly();
}

fn proves(server: &mut Server, files: &Files, prover: (&'static str, Value)) -> Value {
    let mut args = files.prove_args();
    *args.iter_mut().find(|(role, _)| *role == "prover").unwrap() = prover;
    server.ask("prove", args)
}

#[test]
fn the_stored_form_proves_like_the_key() {
    for (circuit, name) in [(SMALL, "fallible-count"), ("dust/spend", "dust-spend")] {
        let files = Files::of(circuit);
        assert!(files.keys.stored_bytes.len() < 20_000);
        let mut server = Server::start(&[]);
        let mut args = files.prove_args();
        let bound = vec![
            ("endpoint", "preimage".into()),
            ("body", bytes(&case(name).bytes())),
            ("bindingInput", case(name).binding_input.map_or("7".into(), Value::from)),
        ];
        args[0] = ("preimage", server.expect("inspect", bound)["preimage"].clone());
        let from_midnights = server.expect("prove", args.clone());
        args[2] = files.derived(&files.keys.stored_bytes);
        let from_stored = server.expect("prove", args);
        assert_eq!(from_stored["statement"], from_midnights["statement"]);
        assert_eq!(from_stored["timings"]["unpackMs"], 0.0.into());
        server.end_quietly();
    }
}

#[test]
fn each_form_is_taken_only_for_what_it_is_said_to_be() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    let stored_as_midnights = files.write("prover", &files.keys.stored_bytes);
    let midnights_as_stored = files.derived(&files.keys.prover_bytes);
    for prover in [stored_as_midnights, midnights_as_stored] {
        assert_eq!(
            proves(&mut server, &files, prover)["error"]["code"],
            "INVALID_CIRCUIT".into()
        );
    }
    server.end_quietly();
}

#[test]
fn damaged_stored_keys_are_told() {
    let known = [
        "INVALID_CIRCUIT",
        "CIRCUIT_TOO_LARGE",
        "KEY_MISMATCH",
        "PARAMS_UNAVAILABLE",
        "PROOF_GENERATION_FAILED",
    ];
    let files = Files::new();
    // A key's k is believed up to what the machine can bear.
    let mut server = Server::start(&[("NIGHTSHIFT_MAX_K", "10"), ("NIGHTSHIFT_CACHE_BYTES", "0")]);
    let mut refused = 0;
    for mutant in mutants(&files.keys.stored_bytes, 100) {
        let reply = proves(&mut server, &files, files.derived(&mutant));
        let code = reply["error"]["code"].as_str();
        assert!(code.is_none_or(|code| known.contains(&code)), "{reply}");
        refused += code.iter().count();
    }
    assert!(refused > 150, "only {refused} were refused");
    let other = files.derived(&prepared(OTHER).stored_bytes);
    assert_eq!(
        proves(&mut server, &files, other)["error"]["code"],
        "KEY_MISMATCH".into()
    );
    server.end_quietly();
}

fn adopt_args(files: &Files) -> Vec<(&'static str, Value)> {
    vec![
        files.artifact("ir"),
        files.artifact("prover"),
        files.artifact("verifier"),
        ("proverPath", path(&files.out("adopted"))),
    ]
}

#[test]
fn ready_made_keys_that_belong_together_are_adopted() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    let adopted = server.expect("adopt", adopt_args(&files));
    assert_eq!(std::fs::read(files.out("adopted")).unwrap(), files.keys.stored_bytes);
    assert_eq!(adopted["k"], 6.into());
    assert_eq!(adopted["prover"]["sha256"], sha256_hex(&files.keys.prover_bytes).into());
    assert_eq!(adopted["prover"]["bytes"], files.keys.prover_bytes.len().into());
    assert_eq!(
        adopted["verifier"]["sha256"],
        sha256_hex(&files.keys.verifier_bytes).into()
    );
    assert_eq!(adopted["stored"]["sha256"], files.sha256("adopted").into());
    assert_eq!(
        adopted["provingBytes"],
        files.keys.circuit.size().unwrap().proving_bytes.into()
    );
    // Compressed otherwise, it is another file of the same key.
    files.write("prover", &recompress(&uncompress(&files.keys.prover_bytes)));
    server.expect("adopt", adopt_args(&files));
    server.end_quietly();
}

#[test]
fn ready_made_keys_that_do_not_belong_together_are_not() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    let raw = uncompress(&files.keys.prover_bytes);
    let other = prepared(OTHER);
    let mut in_a_column = raw.clone();
    let last = in_a_column.len() - 40;
    in_a_column[last] ^= 1;
    let of_another_size = prepared("token-vault/depositUnshielded");
    let misfits = [
        ("prover", other.prover_bytes.clone()),
        ("verifier", other.verifier_bytes.clone()),
        ("verifier", of_another_size.verifier_bytes.clone()),
        ("ir", other.circuit.canonical_bytes()),
        ("prover", recompress(&in_a_column)),
    ];
    for (role, content) in misfits {
        let whole = std::fs::read(files.out(role)).unwrap();
        files.write(role, &content);
        assert_eq!(
            server.expect_error("adopt", adopt_args(&files)),
            "KEY_MISMATCH",
            "{role}"
        );
        assert!(!files.out("adopted").exists());
        files.write(role, &whole);
    }
    for role in ["ir", "prover", "verifier"] {
        let whole = std::fs::read(files.out(role)).unwrap();
        files.write(role, b"junk");
        assert_eq!(
            server.expect_error("adopt", adopt_args(&files)),
            "INVALID_CIRCUIT",
            "{role}"
        );
        files.write(role, &whole);
    }
    server.end_quietly();
}

#[test]
fn damaged_ready_made_keys_are_told() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    let raw = uncompress(&files.keys.prover_bytes);
    let damaged = mutants(&files.keys.prover_bytes, 40).chain(mutants(&raw, 40).map(|raw| recompress(&raw)));
    for mutant in damaged {
        files.write("prover", &mutant);
        let code = server.expect_error("adopt", adopt_args(&files));
        assert!(["INVALID_CIRCUIT", "CIRCUIT_TOO_LARGE", "KEY_MISMATCH"].contains(&code.as_str()));
    }
    server.end_quietly();
}
