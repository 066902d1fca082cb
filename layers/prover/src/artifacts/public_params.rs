//! Public parameters: the KZG SRS for one `k`.

use std::sync::{Arc, LazyLock};

use midnight_curves::{Bls12, G1Projective};
use midnight_proofs::poly::commitment::Params;
use midnight_proofs::poly::kzg::params::{ParamsKZG, ParamsVerifierKZG};
use midnight_proofs::utils::SerdeFormat;
use midnight_transient_crypto::proofs::ParamsProver;

use super::{Artifact, development_params, parse};
use crate::error::{Code, Failure, Result};
use crate::limits::LARGEST_PARAMS_K;

const G1_BYTES: usize = 96;
const G2_BYTES: usize = 192;

/// Midnight's parameters for k = 14, from which all smaller ones follow.
static EMBEDDED_FILE: &[u8] = include_bytes!("../../assets/bls_midnight_2p14");
const EMBEDDED_SHA256: &str = "fc253016885ec830e97808c9ec920bb5cab5c21af590380a6cb5eb0538e2b244";

static EMBEDDED: LazyLock<PublicParams> =
    LazyLock::new(|| parse(EMBEDDED_FILE).expect("the embedded parameters are well-formed"));

/// Enough to verify with: what a verifier needs is the same for every k. Reading all that is embedded takes as long as a
/// few verifications.
static SMALLEST: LazyLock<PublicParams> = LazyLock::new(|| {
    let (_, powers) = EMBEDDED_FILE.split_at(size_of::<u32>());
    let generator = &powers[..G1_BYTES];
    let in_g2 = &powers[powers.len() - 2 * G2_BYTES..];
    // The Lagrange basis of one row is the generator, too.
    let file = [&0u32.to_le_bytes(), generator, generator, in_g2].concat();
    parse(&file).expect("the embedded parameters are well-formed")
});

static SMALLEST_DEVELOPMENT: LazyLock<PublicParams> = LazyLock::new(|| PublicParams::new(development_params::make(0)));

/// Public parameters for one `k`. Their points are not checked: callers pin the file's hash, and with wrong points no
/// proof verifies.
pub struct PublicParams {
    prover: ParamsProver,
    verifier: ParamsVerifierKZG<Bls12>,
}

impl PublicParams {
    fn new(params: ParamsKZG<Bls12>) -> Self {
        PublicParams {
            verifier: params.verifier_params(),
            prover: ParamsProver(Arc::new(params)),
        }
    }

    /// The parameters that come with the prover, for k = 14.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Midnight's parameters for k = 0.
    pub fn smallest() -> &'static Self {
        &SMALLEST
    }

    /// Development parameters for k = 0.
    pub fn smallest_development() -> &'static Self {
        &SMALLEST_DEVELOPMENT
    }

    /// Development parameters for `k`: INSECURE, but the same ones everywhere.
    ///
    /// # Errors
    /// PARAMS_UNAVAILABLE above the largest `k` that they are made for.
    pub fn development(k: u8) -> Result<Self> {
        const LARGEST_K: u8 = development_params::LARGEST_K;
        if k > LARGEST_K {
            return Err(Failure::new(
                Code::ParamsUnavailable,
                format!("Development parameters are made up to k={LARGEST_K}, not for k={k}."),
            ));
        }
        Ok(PublicParams::new(development_params::make(k)))
    }

    /// Derives the parameters for a smaller `k`, or the same.
    ///
    /// # Errors
    /// PARAMS_UNAVAILABLE if `k` is larger.
    pub fn derive(&self, k: u8) -> Result<Self> {
        if k > self.k() {
            return Err(Failure::new(
                Code::ParamsUnavailable,
                format!(
                    "Public parameters for k={k} can't be derived from those for k={}; get the file bls_midnight_2p{k}.",
                    self.k()
                ),
            ));
        }
        let mut params = self.kzg().clone();
        params.downsize(u32::from(k));
        Ok(PublicParams::new(params))
    }

    /// Fails with PARAMS_UNAVAILABLE unless these are the parameters for `k`.
    pub fn expect_k(&self, k: u8) -> Result<()> {
        if k == self.k() {
            return Ok(());
        }
        Err(Failure::new(
            Code::ParamsUnavailable,
            format!(
                "The circuit needs public parameters for k={k}, but was given those for k={}.",
                self.k()
            ),
        ))
    }

    /// The file's bytes: k (u32 LE), the powers of the secret in G1, their Lagrange basis, then two points in G2.
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(file_bytes(self.k()));
        self.kzg()
            .write_custom(&mut bytes, SerdeFormat::RawBytesUnchecked)
            .expect("writing to memory does not fail");
        bytes
    }

    /// How much memory the parameters for `k` occupy.
    pub fn resident_bytes_for(k: u8) -> usize {
        (2 * size_of::<G1Projective>()) << k
    }

    pub fn k(&self) -> u8 {
        self.kzg().max_k() as u8
    }

    pub fn prover(&self) -> &ParamsProver {
        &self.prover
    }

    pub fn kzg(&self) -> &ParamsKZG<Bls12> {
        self.prover.as_ref()
    }

    pub fn verifier(&self) -> &ParamsVerifierKZG<Bls12> {
        &self.verifier
    }
}

impl Artifact for PublicParams {
    const ROLE: &'static str = "public parameters file";
    const MALFORMED: Code = Code::InvalidRequest;

    fn parse(bytes: &[u8]) -> Result<Self> {
        let malformed =
            |reason: String| Failure::invalid_request(format!("The public parameters are malformed: {reason}."));
        let k = bytes
            .first_chunk()
            .map(|k| u32::from_le_bytes(*k))
            .ok_or_else(|| malformed("the file is empty".into()))?;
        let k = u8::try_from(k)
            .ok()
            .filter(|k| *k <= LARGEST_PARAMS_K)
            .ok_or_else(|| malformed(format!("k={k} is above {LARGEST_PARAMS_K}")))?;
        let expected = file_bytes(k);
        if bytes.len() != expected {
            return Err(malformed(format!(
                "a file for k={k} has {expected} bytes, this one {}",
                bytes.len()
            )));
        }
        ParamsKZG::read_custom(&mut &bytes[..], SerdeFormat::RawBytesUnchecked)
            .map(PublicParams::new)
            .map_err(|error| malformed(error.to_string()))
    }

    fn built_in(sha256: &str) -> Option<&'static [u8]> {
        (sha256 == EMBEDDED_SHA256).then_some(EMBEDDED_FILE)
    }

    fn resident_bytes(&self) -> usize {
        PublicParams::resident_bytes_for(self.k())
    }
}

fn file_bytes(k: u8) -> usize {
    size_of::<u32>() + ((2 * G1_BYTES) << k) + 2 * G2_BYTES
}
