//! What a long-lived process remembers between requests, and how it answers each.

use std::sync::Arc;

use midnight_transient_crypto::proofs::ProofPreimage;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::encode;
use super::keys::Keys;
use super::requests::*;
use crate::actions::{self, Form, milliseconds};
use crate::answers::*;
use crate::artifacts::circuit::Circuit;
use crate::artifacts::prover_key::ProverKey;
use crate::artifacts::public_params::PublicParams;
use crate::artifacts::verifier_key::VerifierKey;
use crate::artifacts::{Artifact, parse, preimage, sha256_hex};
use crate::cache::Cache;
use crate::contain::contain;
use crate::error::{Code, Failure, Result};
use crate::field::{from_decimal, to_decimal};
use crate::ops::Claim;
use crate::{memory, ops};

pub struct Session {
    cache: Cache,
}

impl Session {
    pub fn new(cache_bytes: usize) -> Self {
        Session {
            cache: Cache::new(cache_bytes),
        }
    }

    /// Carries out one request and gives the reply's bytes.
    pub fn answer(&mut self, request: &[u8]) -> Zeroizing<Vec<u8>> {
        let Ok(Head { id, op }) = rmp_serde::from_slice(request) else {
            let failure =
                Failure::invalid_request("The request is not a MessagePack map with a number `id` and a string `op`.");
            return encode::<()>(None, Err(failure));
        };
        let id = Some(id);
        match op {
            "info" => run(id, request, |_: NoArgs| Ok(actions::info(&self.cache))),
            "holds" => run(id, request, |args| self.holds(args)),
            "inspect" => run(id, request, inspect),
            "transaction" => run(id, request, transaction),
            "k" => run(id, request, k),
            "circuit" => run(id, request, circuit),
            "check" => run(id, request, |args| self.check(args)),
            "prove" => run(id, request, |args| self.prove(args)),
            "verify" => run(id, request, |args| self.verify(args)),
            "keygen" => run(id, request, |args| self.keygen(args)),
            "adopt" => run(id, request, |args| self.adopt(args)),
            "params" => run(id, request, |args| self.params(args)),
            _ => encode::<()>(id, Err(Failure::invalid_request("There is no such operation."))),
        }
    }

    fn holds(&self, mut args: HoldsArgs) -> Result<Held> {
        args.sha256
            .retain(|sha256| self.cache.holds(sha256) || PublicParams::built_in(sha256).is_some());
        Ok(Held { held: args.sha256 })
    }

    fn check(&mut self, args: CheckArgs) -> Result<CheckAnswer> {
        let preimage = preimage::read(args.preimage)?;
        let circuit = self.cache.get::<Circuit>(&args.ir)?;
        let skips = ops::check(&circuit, &preimage)?;
        Ok(CheckAnswer {
            result: ops::encode_result(&skips),
            k: circuit.k()?,
        })
    }

    fn prove(&mut self, args: ProveArgs) -> Result<ProveAnswer> {
        memory::reset_peak();
        let preimage: ProofPreimage = preimage::read(args.preimage)?;
        let (circuit, circuit_times) = self.cache.get_timed(&args.ir)?;
        // A preimage that does not satisfy its circuit is found out before its keys are read.
        ops::check(&circuit, &preimage)?;
        let (keys, key_times) = Keys::load(&mut self.cache, &args)?;
        let times = circuit_times + key_times;
        let proven = ops::prove(&preimage, &circuit, &keys.prover, &keys.verifier, &keys.params)?;
        Ok(ProveAnswer {
            proof: proven.proof,
            statement: proven.statement.iter().map(to_decimal).collect(),
            k: keys.prover.k(),
            timings: Timings {
                read_ms: milliseconds(times.read),
                unpack_ms: milliseconds(times.unpack),
                parse_ms: milliseconds(times.parse),
                prove_ms: proven.prove_ms,
            },
            peak_resident_bytes: memory::peak_resident_bytes(),
        })
    }

    fn verify(&mut self, args: VerifyArgs) -> Result<VerifyAnswer> {
        let params = match args.development {
            true => PublicParams::smallest_development(),
            false => PublicParams::smallest(),
        };
        let claims = args
            .claims
            .iter()
            .map(|claim| Ok(read_claim(claim, self.cache.get(&claim.verifier)?)))
            .collect::<Result<Vec<_>>>()?;
        let verdicts = ops::verify_all(&claims, params.verifier()).into_iter();
        Ok(VerifyAnswer {
            verdicts: verdicts.map(Verdict::from).collect(),
        })
    }

    fn keygen(&mut self, args: KeygenArgs) -> Result<KeygenAnswer> {
        let circuit = self.cache.get(&args.ir)?;
        let params = self.cache.get(&args.params)?;
        actions::write_keys(&circuit, &params, &args.prover_path, Form::Stored, &args.verifier_path)
    }

    fn adopt(&mut self, args: AdoptArgs) -> Result<KeygenAnswer> {
        let circuit = self.cache.get(&args.ir)?;
        let prover = args.prover.read::<ProverKey>()?;
        let verifier = args.verifier.read::<VerifierKey>()?;
        actions::adopt_keys(&circuit, &prover, &verifier, &args.prover_path)
    }

    fn params(&mut self, args: ParamsArgs) -> Result<Digest> {
        match (args.from, args.development) {
            (Some(_), true) => Err(Failure::invalid_request(
                "Development parameters are made, not derived: give either `from` or `development`.",
            )),
            (None, true) => actions::write_params(&PublicParams::development(args.k)?, args.k, &args.path),
            (None, false) => actions::write_params(PublicParams::embedded(), args.k, &args.path),
            (Some(from), false) => {
                let source: Arc<PublicParams> = self.cache.get(&from)?;
                actions::write_params(&source, args.k, &args.path)
            }
        }
    }
}

fn read_claim(claim: &ClaimArgs, verifier: Arc<VerifierKey>) -> Result<Claim> {
    let unreadable =
        |failure: Failure| Failure::invalid_request(format!("The proof can't be read: {}", failure.message));
    Ok(Claim {
        verifier,
        statement: ops::decode_statement(&claim.statement)?,
        proof: ops::decode_proof(claim.proof).map_err(unreadable)?,
    })
}

fn inspect(args: InspectArgs) -> Result<InspectAnswer> {
    let binding_input = args
        .binding_input
        .map(|decimal| from_decimal("The binding input", &decimal))
        .transpose()?;
    ops::inspect(args.endpoint, args.body, binding_input).map(InspectAnswer::from)
}

fn transaction(args: TransactionArgs) -> Result<TransactionAnswer> {
    ops::transaction(args.body).map(TransactionAnswer::from)
}

fn k(args: KArgs) -> Result<KAnswer> {
    let answer = || {
        let circuit: Circuit = parse(args.ir)?;
        Ok(KAnswer {
            k: circuit.k()?,
            sha256: circuit.sha256(),
        })
    };
    // Here the circuit is the whole request.
    answer().map_err(|failure: Failure| match failure.code {
        Code::InvalidCircuit => Failure::invalid_request(failure.message),
        _ => failure,
    })
}

fn circuit(args: CircuitArgs) -> Result<CircuitAnswer> {
    let verifier = args.verifier.map(parse).transpose()?;
    let described = ops::describe(&parse(args.ir)?, verifier.as_ref())?;
    Ok(CircuitAnswer {
        sha256: sha256_hex(&described.ir),
        ir: described.ir,
        k: described.size.k,
        proving_bytes: described.size.proving_bytes,
        verifier: args.verifier.map(Digest::of),
    })
}

/// Runs an operation on its arguments. The operations contain the panics they expect; this is the last line.
fn run<'r, A: Deserialize<'r>, T: Serialize>(
    id: Option<u32>,
    request: &'r [u8],
    operation: impl FnOnce(A) -> Result<T>,
) -> Zeroizing<Vec<u8>> {
    let unexpected = Failure::invalid_request("The operation failed on this input.");
    let outcome = contain(unexpected, || {
        // The deserializer's own text may repeat what it met, and that may be part of a witness.
        let args = rmp_serde::from_slice(request)
            .map_err(|_| Failure::invalid_request("The operation's arguments are missing or malformed."))?;
        operation(args)
    });
    encode(id, outcome)
}
