//! Steps through a key file's bytes, trusting none of them.

use std::io::{self, Read};

/// The next `N` bytes.
pub fn take<const N: usize>(reader: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Fails with `otherwise` unless the next bytes are `expected`.
pub fn expect<const N: usize>(reader: &mut impl Read, expected: [u8; N], otherwise: &str) -> io::Result<()> {
    if take(reader)? == expected {
        Ok(())
    } else {
        Err(invalid(otherwise))
    }
}

/// Passes over `bytes` bytes without keeping them.
pub fn skip(reader: &mut impl Read, bytes: u64) -> io::Result<()> {
    let skipped = io::copy(&mut reader.take(bytes), &mut io::sink())?;
    if skipped < bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

pub fn invalid(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
