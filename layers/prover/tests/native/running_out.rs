//! A process under a memory limit: how it ends when it needs more, and that the limit takes nothing from what fits.

use nightshift_prover::heap::OUT_OF_MEMORY;

use crate::fixtures::{Case, SMALL, case};
use crate::server::{Files, Server, bytes};

const LARGE: &str = "zswap-output-user";

/// Enough for small proofs, but not for the large one.
const LITTLE: u64 = 200 << 20;

fn limited(bytes: u64) -> Server {
    Server::start(&[("NIGHTSHIFT_MEMORY_BYTES", &bytes.to_string())])
}

fn prove_args(files: &Files, case: &Case) -> Vec<(&'static str, rmpv::Value)> {
    let mut args = files.prove_args();
    args[0] = ("preimage", bytes(&case.bytes()));
    args
}

#[test]
fn a_proof_that_needs_more_ends_the_process_with_its_own_code() {
    let case = case(LARGE);
    let files = Files::of(&case.circuit);
    let mut server = limited(LITTLE);
    server.send(1, "prove", prove_args(&files, &case));
    assert_eq!(server.end(), (Some(OUT_OF_MEMORY), vec![], String::new()));
}

#[test]
fn a_small_proof_fits() {
    let files = Files::of(SMALL);
    let mut server = limited(LITTLE);
    server.expect("prove", files.prove_args());
    server.end_quietly();
}

/// What counts and is not resident: stacks, and what was freed. Lanes lend 1.5 GB and more, and up there an estimate is
/// above what a proof takes by more than this.
const NOT_RESIDENT: u64 = 100 << 20;

#[test]
fn a_proof_fits_into_little_more_than_its_estimate() {
    let case = case(LARGE);
    let files = Files::of(&case.circuit);
    let estimate = files.keys.circuit.size().unwrap().proving_bytes;
    let mut args = prove_args(&files, &case);
    args[2] = files.derived(&files.keys.stored_bytes);
    let mut server = limited(estimate + NOT_RESIDENT);
    server.expect("prove", args);
    server.end_quietly();
}

#[test]
fn a_limit_that_nothing_fits_into_ends_the_process_the_same_way() {
    assert_eq!(limited(1 << 20).end(), (Some(OUT_OF_MEMORY), vec![], String::new()));
}
