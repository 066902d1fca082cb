//! What a proof takes, beside what was estimated: `cargo test --release proving_memory -- --nocapture` prints both.

use crate::fixtures::cases;
use crate::server::{Files, Server, bytes};

const BYTES_PER_MB: u64 = 1 << 20;

#[test]
fn the_estimate_covers_every_proof_and_is_near_the_large_ones() {
    for case in cases()
        .into_iter()
        .filter(|case| case.satisfies() && case.binding_input.is_none())
    {
        let files = Files::of(&case.circuit);
        let mut server = Server::start(&[]);
        let ir = ("ir", bytes(&files.keys.circuit.canonical_bytes()));
        let estimate = server.expect("circuit", vec![ir])["provingBytes"].as_u64().unwrap();
        let mut args = files.prove_args();
        args[0] = ("preimage", bytes(&case.bytes()));
        args[2] = files.derived(&files.keys.stored_bytes);
        let taken = server.expect("prove", args)["peakResidentBytes"].as_u64().unwrap();
        server.end_quietly();
        println!(
            "{} k={}: {} MB, estimated {} MB",
            case.circuit,
            case.k,
            taken / BYTES_PER_MB,
            estimate / BYTES_PER_MB
        );
        assert!(taken <= estimate, "{} takes {taken} of {estimate} bytes", case.circuit);
        if case.k >= 14 {
            assert!(
                estimate < taken * 3 / 2,
                "{} takes {taken} of {estimate} bytes",
                case.circuit
            );
        }
    }
}
