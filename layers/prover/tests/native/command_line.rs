//! The operations on files, from the command line.

use std::path::Path;
use std::process::{Command, Output};

use crate::fixtures::{SMALL, circuit_file, preimage_file};
use crate::server::EXECUTABLE;

fn run(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(EXECUTABLE)
        .current_dir(directory)
        .args(arguments)
        .output()
        .unwrap()
}

fn printed(output: &Output) -> &str {
    assert_eq!((output.status.code(), &output.stderr[..]), (Some(0), &b""[..]));
    std::str::from_utf8(&output.stdout).unwrap().trim_end()
}

#[test]
fn keys_a_proof_and_its_verification() {
    let directory = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| run(directory.path(), arguments);
    let (ir, preimage) = (circuit_file(SMALL), preimage_file("fallible-count"));
    let (ir, preimage) = (ir.to_str().unwrap(), preimage.to_str().unwrap());
    let keys = ["--ir", ir, "--prover", "count.prover", "--verifier", "count.verifier"];
    let inputs = ["--preimage", preimage, "--binding-input", "7"];

    assert_eq!(printed(&run(&["k", ir])), "6");
    printed(&run(&[&["keygen"], &keys[..]].concat()));
    printed(&run(&[&["prove", "--output", "proof"], &keys[..], &inputs].concat()));
    let statement = run(&[&["check", "--statement", "--ir", ir], &inputs[..]].concat());
    assert!(printed(&statement).starts_with(r#"["7","#));

    std::fs::write(directory.path().join("statement.json"), &statement.stdout).unwrap();
    let verify = [
        "verify",
        "--proof",
        "proof",
        "--verifier",
        "count.verifier",
        "--statement",
    ];
    assert_eq!(printed(&run(&[&verify[..], &["statement.json"]].concat())), "valid");

    let other = statement.stdout.strip_prefix(br#"["7""#).unwrap();
    std::fs::write(directory.path().join("other.json"), [br#"["8""#, other].concat()).unwrap();
    let refused = run(&[&verify[..], &["other.json"]].concat());
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.stderr.starts_with(b"INVALID_REQUEST: The proof does not hold"));
}

#[test]
fn failures_have_a_code_and_usage_errors_another_exit_code() {
    let directory = tempfile::tempdir().unwrap();
    let ir = circuit_file(SMALL);
    let negative = preimage_file("NEGATIVE-fallible-count-first-true");
    let arguments = [
        "check",
        "--ir",
        ir.to_str().unwrap(),
        "--preimage",
        negative.to_str().unwrap(),
    ];
    let failed = run(directory.path(), &arguments);
    assert_eq!(failed.status.code(), Some(1));
    assert_eq!(failed.stderr, b"INVALID_WITNESS: Failed direct assertion\n");
    assert!(failed.stdout.is_empty());
    assert_eq!(run(directory.path(), &["prove"]).status.code(), Some(2));
}

#[test]
fn parameters_derive_from_the_embedded_ones() {
    let directory = tempfile::tempdir().unwrap();
    printed(&run(directory.path(), &["params", "--k", "2", "--output", "2p2"]));
    printed(&run(
        directory.path(),
        &["params", "--k", "1", "--from", "2p2", "--output", "2p1"],
    ));
    assert_eq!(
        std::fs::read(directory.path().join("2p1")).unwrap(),
        crate::fixtures::params(1).write()
    );
    let failed = run(directory.path(), &["params", "--k", "15", "--output", "2p15"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(failed.stderr.starts_with(b"PARAMS_UNAVAILABLE: "));
}
