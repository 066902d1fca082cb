//! Frames on a byte stream: a byte count (u32, little-endian), then that many bytes.

use std::io::{self, Read, Write};

use zeroize::Zeroizing;

const PREFIX_BYTES: usize = 4;

/// Why no further frame can be read.
#[derive(Debug)]
pub enum Broken {
    /// The next frame says it has this many bytes.
    TooLarge(u32),
    /// The stream failed or ended inside a frame.
    Io(io::Error),
}

/// The next frame's content, wiped when dropped since it may hold a witness. `None` at the end of the stream.
pub fn read(input: &mut impl Read, limit: u32) -> Result<Option<Zeroizing<Vec<u8>>>, Broken> {
    let mut prefix = Vec::with_capacity(PREFIX_BYTES);
    input
        .take(PREFIX_BYTES as u64)
        .read_to_end(&mut prefix)
        .map_err(Broken::Io)?;
    if prefix.is_empty() {
        return Ok(None);
    }
    let prefix = prefix.try_into().map_err(|_| ended())?;
    let length = u32::from_le_bytes(prefix);
    if length > limit {
        return Err(Broken::TooLarge(length));
    }
    // Reserved at once: a vector that grows leaves copies behind.
    let mut content = Zeroizing::new(Vec::with_capacity(length as usize));
    let read = input
        .take(u64::from(length))
        .read_to_end(&mut content)
        .map_err(Broken::Io)?;
    if read < length as usize {
        return Err(ended());
    }
    Ok(Some(content))
}

/// # Errors
/// Those of the stream; `InvalidInput` if the content does not fit a frame.
pub fn write(output: &mut impl Write, content: &[u8]) -> io::Result<()> {
    let length = u32::try_from(content.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(content)?;
    output.flush()
}

fn ended() -> Broken {
    Broken::Io(io::ErrorKind::UnexpectedEof.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_one_by_one() {
        let mut stream = Vec::new();
        for content in [&b"one"[..], b"", b"three"] {
            write(&mut stream, content).unwrap();
        }
        assert_eq!(stream[..7], *b"\x03\0\0\0one");
        let mut input = &stream[..];
        let mut next = || read(&mut input, 5).unwrap().map(|frame| frame.to_vec());
        assert_eq!(next(), Some(b"one".to_vec()));
        assert_eq!(next(), Some(vec![]));
        assert_eq!(next(), Some(b"three".to_vec()));
        assert_eq!(next(), None);
    }

    #[test]
    fn broken_streams_are_told_apart() {
        let too_large = read(&mut &b"\x06\0\0\0"[..], 5);
        assert!(matches!(too_large, Err(Broken::TooLarge(6))));
        for cut in [&b"\x06"[..], b"\x06\0\0\0abc"] {
            assert!(matches!(read(&mut &cut[..], 10), Err(Broken::Io(_))));
        }
    }
}
