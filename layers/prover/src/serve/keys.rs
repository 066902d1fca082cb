//! The keys and parameters of a proof: those that are not in memory are loaded side by side.

use std::sync::Arc;
use std::thread;

use super::requests::ProveArgs;
use crate::artifacts::LoadTimes;
use crate::artifacts::prover_key::ProverKey;
use crate::artifacts::public_params::PublicParams;
use crate::artifacts::verifier_key::VerifierKey;
use crate::cache::{Cache, load_unless};
use crate::error::{Code, Failure, Result};
use crate::heap::end_out_of_memory;

pub struct Keys {
    pub prover: Arc<ProverKey>,
    pub verifier: Arc<VerifierKey>,
    pub params: Arc<PublicParams>,
}

impl Keys {
    /// The prover key takes longest by far, so the others are loaded beside it. The times are those of the side that
    /// took longer.
    ///
    /// # Errors
    /// Those of [`crate::artifacts::ArtifactFile::load`].
    pub fn load(cache: &mut Cache, args: &ProveArgs) -> Result<(Self, LoadTimes)> {
        let held_prover = cache.held(&args.prover);
        let held_verifier = cache.held(&args.verifier);
        let held_params = cache.held(&args.params);
        let (prover, others) = thread::scope(|scope| {
            let others = || {
                let verifier = load_unless(held_verifier, &args.verifier)?;
                Ok((verifier, load_unless(held_params, &args.params)?))
            };
            // What a thread needs is memory for its stack.
            let others = thread::Builder::new()
                .spawn_scoped(scope, others)
                .unwrap_or_else(|_| end_out_of_memory());
            // On this thread, whose stack is large enough to lay a circuit out.
            (load_unless(held_prover, &args.prover), others.join())
        });
        let (prover, prover_times) = prover?;
        let ((verifier, verifier_times), (params, params_times)) =
            others.map_err(|_| Failure::new(Code::Internal, "Loading the keys was interrupted."))??;
        cache.keep(&args.prover, &prover);
        cache.keep(&args.verifier, &verifier);
        cache.keep(&args.params, &params);
        let keys = Keys {
            prover,
            verifier,
            params,
        };
        let times = std::cmp::max_by_key(prover_times, verifier_times + params_times, LoadTimes::total);
        Ok((keys, times))
    }
}
