//! The tagged, length-prefixed envelope around a key: `midnight:<tag>:`, the length, the key's own bytes.

use std::io::{self, Read};
use std::marker::PhantomData;

use midnight_serialize::{Deserializable, ReadExt, Serializable, Tagged};

use crate::error::Result;
use crate::tagged;

/// The bytes of a `T` in the envelope that Midnight gives it, not yet parsed.
///
/// The proving libraries parse keys lazily and through a cache of their own, which is not bounded by bytes.
pub struct Enveloped<T>(Vec<u8>, PhantomData<T>);

impl<T> Enveloped<T> {
    pub fn new(key: Vec<u8>) -> Self {
        Enveloped(key, PhantomData)
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Takes the key's bytes out of the envelope of a `T`.
///
/// # Errors
/// INVALID_REQUEST if it is not the envelope of a `T`.
pub fn open<T: Tagged>(bytes: &[u8]) -> Result<Vec<u8>> {
    tagged::read(bytes).map(Enveloped::<T>::into_bytes)
}

/// Puts the key's bytes into the envelope of a `T`.
pub fn seal<T: Tagged>(key: Vec<u8>) -> Vec<u8> {
    tagged::write(&Enveloped::<T>::new(key))
}

impl<T: Tagged> Tagged for Enveloped<T> {
    fn tag() -> std::borrow::Cow<'static, str> {
        T::tag()
    }
    fn tag_unique_factor() -> String {
        T::tag_unique_factor()
    }
}

impl<T> Serializable for Enveloped<T> {
    fn serialize(&self, writer: &mut impl io::Write) -> io::Result<()> {
        (self.0.len() as u64).serialize(writer)?;
        writer.write_all(&self.0)
    }
    fn serialized_size(&self) -> usize {
        (self.0.len() as u64).serialized_size() + self.0.len()
    }
}

impl<T> Deserializable for Enveloped<T> {
    fn deserialize(reader: &mut impl Read, recursion_depth: u32) -> io::Result<Self> {
        let length = u32::deserialize(reader, recursion_depth)?;
        // Grows as bytes arrive: an absurd length costs nothing.
        let key = reader.read_exact_to_vec(length as usize)?;
        Ok(Enveloped::new(key))
    }
}
