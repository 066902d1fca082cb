//! Proof preimages: the serialized private and public inputs of one proof.

use midnight_serialize::{GLOBAL_TAG, Tagged};
use midnight_transient_crypto::proofs::ProofPreimage;

use crate::error::Result;
use crate::tagged;
use crate::versioned::Versioned;

/// Reads a tagged proof preimage, versioned or bare.
///
/// # Errors
/// INVALID_REQUEST with the deserializer's text, which tells of tags and lengths, never of field elements.
pub fn read(bytes: &[u8]) -> Result<ProofPreimage> {
    let bare_tag = format!("{GLOBAL_TAG}{}:", ProofPreimage::tag());
    if bytes.starts_with(bare_tag.as_bytes()) {
        tagged::read::<ProofPreimage>(bytes)
    } else {
        tagged::read::<Versioned<ProofPreimage>>(bytes).map(|versioned| versioned.0)
    }
}

/// The canonical form: tagged and versioned.
pub fn write(preimage: ProofPreimage) -> Vec<u8> {
    tagged::write(&Versioned(preimage))
}
