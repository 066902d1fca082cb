//! Proof preimages: the serialized private and public inputs of one proof.

use std::sync::Arc;

use midnight_ledger::structure::ProofPreimageVersioned;
use midnight_serialize::{GLOBAL_TAG, Tagged};
use midnight_transient_crypto::proofs::ProofPreimage;

use crate::error::{Failure, Result};
use crate::{tagged, versions};

/// Reads a tagged proof preimage, versioned or bare.
///
/// # Errors
/// INVALID_REQUEST with the deserializer's text, which tells of tags and lengths, never of field elements.
pub fn read(bytes: &[u8]) -> Result<ProofPreimage> {
    let bare_tag = format!("{GLOBAL_TAG}{}:", ProofPreimage::tag());
    if bytes.starts_with(bare_tag.as_bytes()) {
        tagged::read::<ProofPreimage>(bytes)
    } else {
        unversion(tagged::read(bytes)?)
    }
}

/// # Errors
/// INVALID_REQUEST if it is of a version that is not proven here.
pub fn unversion(preimage: ProofPreimageVersioned) -> Result<ProofPreimage> {
    match preimage {
        ProofPreimageVersioned::V2(preimage) => Ok(Arc::unwrap_or_clone(preimage)),
        _ => Err(Failure::invalid_request(versions::unsupported("proof preimage"))),
    }
}

/// The canonical form: tagged and versioned.
pub fn write(preimage: ProofPreimage) -> Vec<u8> {
    tagged::write(&ProofPreimageVersioned::V2(Arc::new(preimage)))
}
