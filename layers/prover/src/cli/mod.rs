//! The command line: the operations on files, and `serve`.

mod args;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use midnight_transient_crypto::curve::Fr;
use midnight_transient_crypto::proofs::ProofPreimage;
use serde::Serialize;
use serde_json::json;
use zeroize::Zeroizing;

use crate::actions::{self, Form};
use crate::artifacts::circuit::Circuit;
use crate::artifacts::prover_key::ProverKey;
use crate::artifacts::public_params::PublicParams;
use crate::artifacts::verifier_key::VerifierKey;
use crate::artifacts::{load_file, preimage};
use crate::cache::Cache;
use crate::error::{Code, Failure, Result};
use crate::field::{from_decimal, to_decimal};
use crate::{memory, ops, serve};
use args::{Cli, Command, PreimageArgs};

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    match execute(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

/// Goes with every file of development parameters.
const INSECURE: &str =
    "These parameters are INSECURE: anyone can prove false statements with them. For development only.";

fn execute(command: Command) -> Result<()> {
    match command {
        Command::Prove {
            preimage,
            ir,
            prover,
            verifier,
            params,
            output,
        } => {
            let preimage = read_preimage(&preimage)?;
            let circuit = load_file(&ir)?;
            let prover: ProverKey = load_file(&prover)?;
            let params = params_for(params.as_deref(), || Ok(prover.k()))?;
            let verifier: VerifierKey = load_file(&verifier)?;
            let proven = ops::prove(&preimage, &circuit, &prover, &verifier, &params)?;
            let made = Instant::now();
            let proof = ops::decode_proof(&proven.proof)?;
            ops::verify(&verifier, params.verifier(), &proven.statement, &proof)
                .map_err(|_| Failure::new(Code::ProofGenerationFailed, "The proof that was made does not verify."))?;
            if let Some(path) = output {
                actions::write_file(&path, &proven.proof)?;
            }
            print(&json!({
                "k": prover.k(),
                "statement": decimals(&proven.statement),
                "proveMs": proven.prove_ms,
                "verifyMs": actions::milliseconds(made.elapsed()),
                "peakResidentBytes": memory::peak_resident_bytes(),
            }));
        }
        Command::Check {
            preimage,
            ir,
            statement,
            output,
        } => {
            let preimage = read_preimage(&preimage)?;
            let circuit: Circuit = load_file(&ir)?;
            let result = ops::check(&circuit, &preimage)?;
            if let Some(path) = output {
                actions::write_file(&path, &ops::encode_result(&result))?;
            }
            if statement {
                print(&decimals(&ops::statement(&circuit, &preimage)?));
            } else {
                print(&result);
            }
        }
        Command::Verify {
            proof,
            verifier,
            statement,
            params,
        } => {
            let proof = ops::decode_proof(&read_file(&proof)?)?;
            let statement = read_statement(&statement)?;
            let given: Option<PublicParams> = params.as_deref().map(load_file).transpose()?;
            let params = given.as_ref().unwrap_or_else(|| PublicParams::embedded());
            ops::verify(&load_file(&verifier)?, params.verifier(), &statement, &proof)?;
            println!("valid");
        }
        Command::K { ir } => println!("{}", load_file::<Circuit>(&ir)?.k()?),
        Command::Keygen {
            ir,
            params,
            prover,
            verifier,
        } => {
            let circuit: Circuit = load_file(&ir)?;
            let params = params_for(params.as_deref(), || circuit.k())?;
            print(&actions::write_keys(
                &circuit,
                &params,
                &prover,
                Form::Midnight,
                &verifier,
            )?);
        }
        Command::Params {
            k,
            from,
            development,
            output,
        } => {
            let given: Option<PublicParams> = match development {
                true => Some(PublicParams::development(k)?),
                false => from.as_deref().map(load_file).transpose()?,
            };
            let source = given.as_ref().unwrap_or_else(|| PublicParams::embedded());
            print(&actions::write_params(source, k, &output)?);
            if development {
                eprintln!("{INSECURE}");
            }
        }
        Command::Info => print(&actions::info(&Cache::new(0))),
        Command::Serve => serve::serve().map_err(|error| Failure::new(Code::Internal, error.to_string()))?,
    }
    Ok(())
}

/// The parameters in the file, or else those for `k` from the built-in ones.
fn params_for(path: Option<&Path>, k: impl FnOnce() -> Result<u8>) -> Result<PublicParams> {
    match path {
        Some(path) => load_file(path),
        None => PublicParams::embedded().derive(k()?),
    }
}

fn read_preimage(args: &PreimageArgs) -> Result<ProofPreimage> {
    let mut preimage = preimage::read(&read_file(&args.preimage)?)?;
    if let Some(decimal) = &args.binding_input {
        preimage.binding_input = from_decimal("The binding input", decimal)?;
    }
    Ok(preimage)
}

fn read_statement(path: &Path) -> Result<Vec<Fr>> {
    let decimals: Vec<String> = serde_json::from_slice(&read_file(path)?)
        .map_err(|_| Failure::invalid_request("The statement must be a JSON array of decimal strings."))?;
    ops::decode_statement(&decimals)
}

/// The content, wiped when dropped since it may be a witness.
fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    std::fs::read(path).map(Zeroizing::new).map_err(|error| {
        Failure::new(
            Code::Internal,
            format!("{} could not be read: {error}.", path.display()),
        )
    })
}

fn decimals(statement: &[Fr]) -> Vec<String> {
    statement.iter().map(to_decimal).collect()
}

fn print(answer: &impl Serialize) {
    println!("{}", serde_json::to_string(answer).expect("answers are plain data"));
}
