//! The built executable as a child process: what its operations answer, and leave behind.

use nightshift_prover::artifacts::sha256_hex;
use nightshift_prover::field::to_decimal;
use nightshift_prover::ops;
use rmpv::Value;

use crate::fixtures::{SMALL, case, circuit_file, prepared};
use crate::server::{Files, Server, bytes, map, path};

#[test]
fn a_proof_from_inspection_to_verification() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    let inspected = server.expect(
        "inspect",
        vec![
            ("endpoint", "preimage".into()),
            ("body", bytes(&case("fallible-count").bytes())),
            ("bindingInput", "7".into()),
        ],
    );
    assert_eq!(inspected["keyLocation"], "count".into());
    let preimage = ("preimage", inspected["preimage"].clone());

    let checked = server.expect("check", vec![preimage.clone(), files.artifact("ir")]);
    assert_eq!(checked["k"], 6.into());
    assert!(
        checked["result"]
            .as_slice()
            .unwrap()
            .starts_with(b"midnight:vec(option(u64)):")
    );

    let mut args = files.prove_args();
    args[0] = preimage;
    let proven = server.expect("prove", args);
    assert_eq!(proven["statement"][0], "7".into());
    for timing in ["readMs", "parseMs", "proveMs"] {
        assert!(proven["timings"][timing].as_f64().unwrap() > 0.0);
    }
    assert!(proven["peakResidentBytes"].as_u64().unwrap() > 1 << 20);

    let claim = map(vec![
        ("proof", proven["proof"].clone()),
        files.artifact("verifier"),
        ("statement", proven["statement"].clone()),
    ]);
    let verified = server.expect("verify", vec![("claims", Value::Array(vec![claim]))]);
    assert_eq!(
        verified["verdicts"],
        Value::Array(vec![map(vec![("valid", true.into())])])
    );
    server.end_quietly();
}

#[test]
fn the_statement_is_that_of_the_preimage() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    let proven = server.expect("prove", files.prove_args());
    let expected = ops::statement(&files.keys.circuit, &case("fallible-count").preimage()).unwrap();
    let expected: Vec<Value> = expected.iter().map(|element| to_decimal(element).into()).collect();
    assert_eq!(proven["statement"], Value::Array(expected));
    server.end_quietly();
}

#[test]
fn keys_and_parameters_are_written_to_files() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    let made = server.expect(
        "keygen",
        vec![
            files.artifact("ir"),
            files.artifact("params"),
            ("proverPath", path(&files.out("new.prover"))),
            ("verifierPath", path(&files.out("new.verifier"))),
        ],
    );
    assert_eq!(std::fs::read(files.out("new.prover")).unwrap(), files.keys.stored_bytes);
    assert_eq!(
        std::fs::read(files.out("new.verifier")).unwrap(),
        files.keys.verifier_bytes
    );
    assert_eq!(made["prover"]["sha256"], sha256_hex(&files.keys.prover_bytes).into());
    assert_eq!(made["verifier"]["bytes"], files.keys.verifier_bytes.len().into());
    assert_eq!(made["stored"]["sha256"], files.sha256("new.prover").into());
    assert_eq!(
        made["provingBytes"],
        files.keys.circuit.size().unwrap().proving_bytes.into()
    );

    let from = ("from", files.artifact("params").1);
    let smaller = vec![("k", 3.into()), ("path", path(&files.out("2p3"))), from.clone()];
    let written = server.expect("params", smaller);
    assert_eq!(written["sha256"], files.sha256("2p3").into());
    let larger = vec![("k", 7.into()), ("path", path(&files.out("2p7"))), from];
    assert_eq!(server.expect_error("params", larger), "PARAMS_UNAVAILABLE");
    server.end_quietly();
}

#[test]
fn json_zkir_has_a_k_and_the_canonical_hash() {
    let mut server = Server::start(&[]);
    let json = std::fs::read(circuit_file(SMALL)).unwrap();
    let answer = server.expect("k", vec![("ir", bytes(&json))]);
    assert_eq!(answer["k"], 6.into());
    assert_eq!(answer["sha256"], prepared(SMALL).circuit.sha256().into());
    server.end_quietly();
}

#[test]
fn a_circuit_of_another_version_is_no_request_to_k_and_no_circuit_elsewhere() {
    const TEXT: &str = "Unsupported ZKIR version: this is ir-source[v3], and this server reads ir-source[v2]";
    let files = Files::new();
    let ir = b"midnight:ir-source[v3]:";
    std::fs::write(files.out("ir"), ir).unwrap();
    let ir_file = files.artifact("ir");
    let mut server = Server::start(&[]);
    let preimage = ("preimage", bytes(&case("fallible-count").bytes()));
    let keygen = vec![
        ir_file.clone(),
        files.artifact("params"),
        ("proverPath", path(&files.out("new.prover"))),
        ("verifierPath", path(&files.out("new.verifier"))),
    ];
    for (op, args, code) in [
        ("k", vec![("ir", bytes(ir))], "INVALID_REQUEST"),
        ("check", vec![preimage, ir_file], "INVALID_CIRCUIT"),
        ("keygen", keygen, "INVALID_CIRCUIT"),
    ] {
        let error = &server.ask(op, args)["error"];
        assert_eq!(*error, map(vec![("code", code.into()), ("message", TEXT.into())]));
    }
    server.end_quietly();
}

#[test]
fn keys_that_cannot_be_read_are_no_invalid_request() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    for role in ["ir", "prover", "verifier"] {
        let whole = std::fs::read(files.out(role)).unwrap();
        std::fs::write(files.out(role), b"junk").unwrap();
        assert_eq!(
            server.expect_error("prove", files.prove_args()),
            "INVALID_CIRCUIT",
            "{role}"
        );
        std::fs::write(files.out(role), whole).unwrap();
    }
    server.end_quietly();
}

#[test]
fn circuits_above_the_largest_k_are_refused() {
    let mut server = Server::start(&[("NIGHTSHIFT_MAX_K", "5")]);
    let ir = prepared(SMALL).circuit.canonical_bytes();
    assert_eq!(server.expect_error("k", vec![("ir", bytes(&ir))]), "CIRCUIT_TOO_LARGE");
    assert_eq!(server.expect("info", vec![])["maxK"], 5.into());
    server.end_quietly();
}

#[test]
fn a_killed_process_leaves_no_partial_file() {
    let files = Files::new();
    let output = prepared("zswap/sign");
    std::fs::write(files.out("ir"), output.circuit.canonical_bytes()).unwrap();
    std::fs::write(files.out("params"), output.params.write()).unwrap();
    let mut server = Server::start(&[]);
    let keygen = vec![
        files.artifact("ir"),
        files.artifact("params"),
        ("proverPath", path(&files.out("new.prover"))),
        ("verifierPath", path(&files.out("new.verifier"))),
    ];
    server.expect("info", vec![]);
    server.send(2, "keygen", keygen.clone());
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    assert!(!files.out("new.prover").exists());

    let mut next = Server::start(&[]);
    next.expect("keygen", keygen);
    assert_eq!(std::fs::read(files.out("new.prover")).unwrap(), output.stored_bytes);
    next.end_quietly();
}
