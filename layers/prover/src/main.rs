use std::process::ExitCode;

use mimalloc::MiMalloc;
use nightshift_prover::{cli, contain};

/// musl's own allocator makes proofs a fifth slower.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Circuits are walked recursively in places.
const STACK_BYTES: usize = 64 << 20;

fn main() -> ExitCode {
    contain::silence_panics();
    std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(cli::run)
        .ok()
        .and_then(|worker| worker.join().ok())
        .unwrap_or(ExitCode::FAILURE)
}
