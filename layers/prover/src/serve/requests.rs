//! The requests' arguments, as they travel.

use std::path::PathBuf;

use serde::Deserialize;

use crate::artifacts::ArtifactFile;
use crate::ops::Endpoint;

/// What every request has besides its arguments.
#[derive(Deserialize)]
pub struct Head<'a> {
    pub id: u32,
    pub op: &'a str,
}

#[derive(Deserialize)]
pub struct NoArgs {}

#[derive(Deserialize)]
pub struct HoldsArgs {
    pub sha256: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InspectArgs<'a> {
    pub endpoint: Endpoint,
    #[serde(with = "serde_bytes")]
    pub body: &'a [u8],
    pub binding_input: Option<String>,
}

#[derive(Deserialize)]
pub struct TransactionArgs<'a> {
    #[serde(with = "serde_bytes")]
    pub body: &'a [u8],
}

#[derive(Deserialize)]
pub struct KArgs<'a> {
    #[serde(with = "serde_bytes")]
    pub ir: &'a [u8],
}

#[derive(Deserialize)]
pub struct CircuitArgs<'a> {
    #[serde(with = "serde_bytes")]
    pub ir: &'a [u8],
    #[serde(borrow, default, with = "serde_bytes")]
    pub verifier: Option<&'a [u8]>,
}

#[derive(Deserialize)]
pub struct CheckArgs<'a> {
    #[serde(with = "serde_bytes")]
    pub preimage: &'a [u8],
    pub ir: ArtifactFile,
}

#[derive(Deserialize)]
pub struct ProveArgs<'a> {
    #[serde(with = "serde_bytes")]
    pub preimage: &'a [u8],
    pub ir: ArtifactFile,
    pub prover: ArtifactFile,
    pub verifier: ArtifactFile,
    pub params: ArtifactFile,
}

#[derive(Deserialize)]
pub struct VerifyArgs<'a> {
    #[serde(borrow)]
    pub claims: Vec<ClaimArgs<'a>>,
    #[serde(default)]
    pub development: bool,
}

#[derive(Deserialize)]
pub struct ClaimArgs<'a> {
    #[serde(with = "serde_bytes")]
    pub proof: &'a [u8],
    pub verifier: ArtifactFile,
    pub statement: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeygenArgs {
    pub ir: ArtifactFile,
    pub params: ArtifactFile,
    pub prover_path: PathBuf,
    pub verifier_path: PathBuf,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdoptArgs {
    pub ir: ArtifactFile,
    pub prover: ArtifactFile,
    pub verifier: ArtifactFile,
    pub prover_path: PathBuf,
}

#[derive(Deserialize)]
pub struct ParamsArgs {
    pub k: u8,
    pub path: PathBuf,
    pub from: Option<ArtifactFile>,
    #[serde(default)]
    pub development: bool,
}
