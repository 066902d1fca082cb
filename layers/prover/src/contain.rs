//! Keeps a panic of the proving libraries from ending the process, and that and a crash from telling what they worked on.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::error::{Failure, Result};

/// Runs `work`; a panic inside becomes `failure`.
///
/// The panic's own text is dropped: it may hold witness values. `work` must leave nothing half done behind that
/// outlives the panic, hence the callers build a value completely before they publish it.
pub fn contain<T>(failure: Failure, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(failure))
}

/// Keeps panics from being printed. For the whole process, once.
pub fn silence_panics() {
    std::panic::set_hook(Box::new(|_| {}));
}

/// Keeps a crash from leaving the process's memory on a disk. Where that is refused, the operator's own limit stays.
pub fn forbid_core_dumps() {
    let none = Some(0);
    let _ = setrlimit(
        Resource::Core,
        Rlimit {
            current: none,
            maximum: none,
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn a_panic_becomes_the_named_failure_without_its_text() {
        let failure = Failure::new(Code::ProofGenerationFailed, "no proof");
        let secret = "12345678901234567890";
        let result: Result<()> = contain(failure.clone(), || panic!("{secret}"));
        assert_eq!(result, Err(failure));
    }

    #[test]
    fn results_and_failures_pass_through() {
        let unused = Failure::invalid_request("unused");
        assert_eq!(contain(unused.clone(), || Ok(1)), Ok(1));
        let own = Failure::invalid_request("own");
        assert_eq!(contain::<()>(unused, || Err(own.clone())), Err(own));
    }
}
