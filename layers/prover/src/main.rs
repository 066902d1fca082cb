use std::process::ExitCode;

use nightshift_prover::heap::Heap;
use nightshift_prover::{cli, contain};

#[global_allocator]
static HEAP: Heap = Heap;

/// Circuits are walked recursively in places.
const STACK_BYTES: usize = 64 << 20;

fn main() -> ExitCode {
    contain::silence_panics();
    contain::forbid_core_dumps();
    std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(cli::run)
        .ok()
        .and_then(|worker| worker.join().ok())
        .unwrap_or(ExitCode::FAILURE)
}
