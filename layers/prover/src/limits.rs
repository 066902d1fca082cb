//! How much the prover takes on.

use std::sync::LazyLock;

/// The largest `k` that public parameters exist for.
pub const LARGEST_PARAMS_K: u8 = 25;

/// The largest ZKIR file, JSON or binary.
pub const MAX_IR_BYTES: usize = 16 << 20;

/// The largest request frame.
pub const MAX_FRAME_BYTES: u32 = 64 << 20;

const MAX_K_VARIABLE: &str = "NIGHTSHIFT_MAX_K";
const CACHE_BYTES_VARIABLE: &str = "NIGHTSHIFT_CACHE_BYTES";
const MEMORY_BYTES_VARIABLE: &str = "NIGHTSHIFT_MEMORY_BYTES";
const DEFAULT_CACHE_BYTES: usize = 1 << 30;

/// Circuits above this `k` are refused before anything costly is done with them: laying out a circuit takes some 700
/// bytes of memory per row. `NIGHTSHIFT_MAX_K` lowers it to what the machine can bear.
pub static MAX_K: LazyLock<u8> = LazyLock::new(|| {
    from_environment(MAX_K_VARIABLE)
        .unwrap_or(LARGEST_PARAMS_K)
        .min(LARGEST_PARAMS_K)
});

/// How many bytes of parsed artifacts stay in memory: `NIGHTSHIFT_CACHE_BYTES`, or 1 GiB.
pub fn cache_bytes() -> usize {
    from_environment(CACHE_BYTES_VARIABLE).unwrap_or(DEFAULT_CACHE_BYTES)
}

/// How many bytes of memory the process may take: `NIGHTSHIFT_MEMORY_BYTES`, or as many as there are.
pub fn memory_bytes() -> Option<u64> {
    from_environment(MEMORY_BYTES_VARIABLE)
}

fn from_environment<T: std::str::FromStr>(variable: &str) -> Option<T> {
    std::env::var(variable).ok()?.parse().ok()
}
