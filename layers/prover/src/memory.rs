//! This process's memory, as the kernel counts it. Zero where there is no /proc.

use std::os::unix::process::CommandExt;
use std::process::Command;
use std::{env, io};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

const STATUS: &str = "/proc/self/status";
const CLEAR_REFS: &str = "/proc/self/clear_refs";
const RESET_PEAK: &str = "5";
const COMMIT_ON_DEMAND: (&str, &str) = ("MIMALLOC_ARENA_EAGER_COMMIT", "0");

pub fn resident_bytes() -> u64 {
    status_bytes("VmRSS:")
}

/// The most that was resident since the start or the last [`reset_peak`].
pub fn peak_resident_bytes() -> u64 {
    status_bytes("VmHWM:")
}

/// Starts a new peak measurement. Where that is not allowed, the peak stays that of the whole process.
pub fn reset_peak() {
    let _ = std::fs::write(CLEAR_REFS, RESET_PEAK);
}

/// Bounds what the process may write to: its heap and its threads' stacks. Beyond that an allocation fails.
///
/// The bound is RLIMIT_DATA. RLIMIT_AS would also count what takes no memory: the program's own file, the 64 MB of
/// addresses that the C library sets aside for each thread, and what mimalloc reserves.
///
/// mimalloc reserves 1 GiB at a time, and unless told otherwise makes it writable at once, so that it counts. It reads its
/// options before `main`: a process that was started without this one starts itself anew.
///
/// # Errors
/// Those of setrlimit(2) and execve(2).
pub fn limit(bytes: u64) -> io::Result<()> {
    let (option, on_demand) = COMMIT_ON_DEMAND;
    if env::var_os(option).is_none_or(|value| value != on_demand) {
        return Err(Command::new(env::current_exe()?)
            .args(env::args_os().skip(1))
            .env(option, on_demand)
            .exec());
    }
    let Rlimit { maximum, .. } = getrlimit(Resource::Data);
    let current = Some(bytes);
    Ok(setrlimit(Resource::Data, Rlimit { current, maximum })?)
}

fn status_bytes(field: &str) -> u64 {
    std::fs::read_to_string(STATUS)
        .ok()
        .and_then(|status| {
            let line = status.lines().find_map(|line| line.strip_prefix(field))?;
            line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
        })
        .map_or(0, |kib| kib * 1024)
}
