//! Takes apart the bodies of the reference server's endpoints.

use midnight_ledger::structure::ProofPreimageVersioned;
use midnight_transient_crypto::curve::Fr;
use midnight_transient_crypto::proofs::{ProofPreimage, ProvingKeyMaterial, WrappedIr};
use serde::Deserialize;

use crate::artifacts::circuit::{Circuit, Size};
use crate::artifacts::{parse, preimage};
use crate::error::Result;
use crate::tagged;

/// Which endpoint a body was sent to; `Preimage` is a proof preimage alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Endpoint {
    Prove,
    Check,
    Preimage,
}

/// What a body holds.
#[derive(Debug)]
pub struct Inspected {
    /// Canonical, the binding input applied.
    pub preimage: Vec<u8>,
    pub key_location: String,
    pub inlined: Option<Inlined>,
    /// Of the inlined circuit.
    pub size: Option<Size>,
}

/// The circuit, and for a proof its keys, that came inside the body.
#[derive(Debug)]
pub struct Inlined {
    pub ir: Vec<u8>,
    pub keys: Option<InlinedKeys>,
}

#[derive(Debug)]
pub struct InlinedKeys {
    pub prover: Vec<u8>,
    pub verifier: Vec<u8>,
}

/// Parses a body as the reference server does. `binding_input` goes before the body's own, and that before the
/// preimage's.
///
/// # Errors
/// INVALID_REQUEST with the deserializer's text, which is the reference's answer; INVALID_CIRCUIT if the inlined circuit
/// can't be read; CIRCUIT_TOO_LARGE.
pub fn inspect(endpoint: Endpoint, body: &[u8], binding_input: Option<Fr>) -> Result<Inspected> {
    let (mut preimage, inlined, own_binding_input) = match endpoint {
        Endpoint::Prove => prove_body(body)?,
        Endpoint::Check => check_body(body)?,
        Endpoint::Preimage => (preimage::read(body)?, None, None),
    };
    if let Some(binding_input) = binding_input.or(own_binding_input) {
        preimage.binding_input = binding_input;
    }
    let size = inlined
        .as_ref()
        .map(|inlined| parse::<Circuit>(&inlined.ir)?.size())
        .transpose()?;
    Ok(Inspected {
        key_location: preimage.key_location.0.clone().into_owned(),
        preimage: preimage::write(preimage),
        inlined,
        size,
    })
}

type Parts = (ProofPreimage, Option<Inlined>, Option<Fr>);

fn prove_body(body: &[u8]) -> Result<Parts> {
    type Body = (ProofPreimageVersioned, Option<ProvingKeyMaterial>, Option<Fr>);
    let (preimage, keys, binding_input) = tagged::read::<Body>(body)?;
    let inlined = keys.map(|keys| Inlined {
        ir: keys.ir_source,
        keys: Some(InlinedKeys {
            prover: keys.prover_key,
            verifier: keys.verifier_key,
        }),
    });
    Ok((preimage::unversion(preimage)?, inlined, binding_input))
}

fn check_body(body: &[u8]) -> Result<Parts> {
    type Body = (ProofPreimageVersioned, Option<WrappedIr>);
    let (preimage, ir) = tagged::read::<Body>(body)?;
    let inlined = ir.map(|ir| Inlined { ir: ir.0, keys: None });
    Ok((preimage::unversion(preimage)?, inlined, None))
}
