//! The command line's grammar.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Proves, checks and verifies Midnight circuits.
///
/// ZKIR files are tagged binary (.bzkir) or the compiler's JSON (.zkir). Failures go to stderr as `CODE: message`.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Prove, and verify the proof
    Prove {
        #[command(flatten)]
        preimage: PreimageArgs,
        /// The circuit's ZKIR
        #[arg(long)]
        ir: PathBuf,
        #[arg(long)]
        prover: PathBuf,
        #[arg(long)]
        verifier: PathBuf,
        /// Public parameters for the circuit's k [default: derived from the built-in ones, up to k=14]
        #[arg(long)]
        params: Option<PathBuf>,
        /// Where to write the proof
        #[arg(long)]
        output: Option<PathBuf>,
    },
    /// Check that a proof preimage satisfies its circuit
    Check {
        #[command(flatten)]
        preimage: PreimageArgs,
        /// The circuit's ZKIR
        #[arg(long)]
        ir: PathBuf,
        /// Print the statement that a proof would be verified against
        #[arg(long)]
        statement: bool,
        /// Where to write the result in the wire format of /check
        #[arg(long)]
        output: Option<PathBuf>,
    },
    /// Verify a proof against a statement
    Verify {
        #[arg(long)]
        proof: PathBuf,
        #[arg(long)]
        verifier: PathBuf,
        /// A JSON file: the statement, an array of decimal strings
        #[arg(long)]
        statement: PathBuf,
        /// Public parameters of any k [default: the built-in ones]
        #[arg(long)]
        params: Option<PathBuf>,
    },
    /// Print a circuit's k
    K { ir: PathBuf },
    /// Derive a circuit's prover and verifier keys
    Keygen {
        /// The circuit's ZKIR
        #[arg(long)]
        ir: PathBuf,
        /// Public parameters for the circuit's k [default: derived from the built-in ones, up to k=14]
        #[arg(long)]
        params: Option<PathBuf>,
        /// Where to write the prover key
        #[arg(long)]
        prover: PathBuf,
        /// Where to write the verifier key
        #[arg(long)]
        verifier: PathBuf,
    },
    /// Derive public parameters from larger ones, or make insecure ones for development
    Params {
        #[arg(long)]
        k: u8,
        /// The larger parameters [default: the built-in ones, for k=14]
        #[arg(long)]
        from: Option<PathBuf>,
        /// Make development parameters instead, up to k=19: INSECURE, since everybody can compute their secret
        #[arg(long, conflicts_with = "from")]
        development: bool,
        #[arg(long)]
        output: PathBuf,
    },
    /// Print versions and limits
    Info,
    /// Serve requests as frames on stdin and stdout
    Serve,
}

#[derive(Args)]
pub struct PreimageArgs {
    /// The proof preimage
    #[arg(long)]
    pub preimage: PathBuf,
    /// Replaces the preimage's binding input (decimal)
    #[arg(long)]
    pub binding_input: Option<String>,
}
