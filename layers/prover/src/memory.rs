//! This process's memory, as the kernel counts it. Zero where there is no /proc.

const STATUS: &str = "/proc/self/status";
const CLEAR_REFS: &str = "/proc/self/clear_refs";
const RESET_PEAK: &str = "5";

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

fn status_bytes(field: &str) -> u64 {
    std::fs::read_to_string(STATUS)
        .ok()
        .and_then(|status| {
            let line = status.lines().find_map(|line| line.strip_prefix(field))?;
            line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
        })
        .map_or(0, |kib| kib * 1024)
}
