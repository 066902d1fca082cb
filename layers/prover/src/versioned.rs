//! The versioned envelopes of proofs and proof preimages.
//!
//! The ledger defines them beside its transactions; they are written again here because that crate would bring the
//! whole ledger along. Tags, bytes and error texts are the ledger's.

use std::borrow::Cow;
use std::io::{Error, ErrorKind, Read, Result, Write};

use midnight_serialize::{Deserializable, Serializable, Tagged};
use midnight_transient_crypto::proofs::{Proof, ProofPreimage};

/// The proof version that this prover speaks, as it is called outside.
pub const PROOF_VERSION: &str = "V2";
const V2: u8 = 1;
const RETIRED: u8 = 0;

/// A `T` of proof version 2, the only one in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T>(pub T);

/// A kind of content that comes versioned.
pub trait VersionedContent: Serializable + Deserializable + Tagged {
    const TAG: &'static str;
    const NAME: &'static str;
}

impl VersionedContent for ProofPreimage {
    const TAG: &'static str = "proof-preimage-versioned";
    const NAME: &'static str = "ProofPreimageVersioned";
}

impl VersionedContent for Proof {
    const TAG: &'static str = "proof-versioned";
    const NAME: &'static str = "ProofVersioned";
}

impl<T: VersionedContent> Tagged for Versioned<T> {
    fn tag() -> Cow<'static, str> {
        T::TAG.into()
    }
    fn tag_unique_factor() -> String {
        format!("[[],{}]", T::tag())
    }
}

impl<T: VersionedContent> Serializable for Versioned<T> {
    fn serialize(&self, writer: &mut impl Write) -> Result<()> {
        V2.serialize(writer)?;
        self.0.serialize(writer)
    }
    fn serialized_size(&self) -> usize {
        V2.serialized_size() + self.0.serialized_size()
    }
}

impl<T: VersionedContent> Deserializable for Versioned<T> {
    fn deserialize(reader: &mut impl Read, recursion_depth: u32) -> Result<Self> {
        let invalid = |text| Err(Error::new(ErrorKind::InvalidData, text));
        match u8::deserialize(reader, recursion_depth)? {
            V2 => Ok(Versioned(T::deserialize(reader, recursion_depth)?)),
            RETIRED => invalid(format!("invalid old discriminant for {}: 0", T::NAME)),
            unknown => invalid(format!("unknown discriminant for {}: {unknown}", T::NAME)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagged;

    #[test]
    fn a_proof_has_the_ledgers_bytes() {
        let bytes = b"midnight:proof-versioned:\x01\x08\x07\x08";
        let proof = Versioned(Proof(vec![7, 8]));
        assert_eq!(tagged::write(&proof), bytes);
        assert_eq!(tagged::read::<Versioned<Proof>>(bytes), Ok(proof));
    }

    #[test]
    fn other_versions_are_named() {
        let text = |bytes: &[u8]| tagged::read::<Versioned<Proof>>(bytes).unwrap_err().message;
        assert_eq!(
            text(b"midnight:proof-versioned:\x00\x00"),
            "invalid old discriminant for ProofVersioned: 0"
        );
        assert_eq!(
            text(b"midnight:proof-versioned:\x09\x00"),
            "unknown discriminant for ProofVersioned: 9"
        );
    }
}
