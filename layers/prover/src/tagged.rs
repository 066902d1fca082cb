//! Midnight's tagged bytes: `midnight:<tag>:`, then the value.

use midnight_serialize::{Deserializable, GLOBAL_TAG, Serializable, Tagged, tagged_deserialize, tagged_serialize};
use midnight_transient_crypto::curve::FR_BYTES;

use crate::contain::contain;
use crate::error::{Failure, Result};

const HIDDEN: char = '\u{fffd}';

/// The tagged bytes of `value`.
pub fn write<T: Serializable + Tagged>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    tagged_serialize(value, &mut bytes).expect("writing to memory does not fail");
    bytes
}

/// Deserializes a tagged `T`.
///
/// # Errors
/// INVALID_REQUEST with the text that the reference server answers. It repeats as many of the first bytes as the
/// expected tag is long; here, those that may belong to a witness are hidden in it.
pub fn read<T: Deserializable + Tagged>(bytes: &[u8]) -> Result<T> {
    let expected = format!("{GLOBAL_TAG}{}:", T::tag());
    if !bytes.starts_with(expected.as_bytes()) {
        let found = &bytes[..bytes.len().min(expected.len())];
        let found = show(found, shown_bytes(bytes));
        return Err(Failure::invalid_request(format!(
            "expected header tag '{expected}', got '{found}'"
        )));
    }
    contain(Failure::invalid_request("The tagged bytes are malformed."), || {
        tagged_deserialize(bytes).map_err(|error| Failure::invalid_request(error.to_string()))
    })
}

fn show(bytes: &[u8], shown: usize) -> String {
    let printable = |char: char| char.is_ascii_alphanumeric() || ":_-()[],".contains(char);
    String::from_utf8_lossy(bytes)
        .chars()
        .enumerate()
        .map(|(index, char)| if index < shown && printable(char) { char } else { HIDDEN })
        .collect()
}

/// How many of the first bytes are no secret: all if a field element would not fit, otherwise another tag.
fn shown_bytes(bytes: &[u8]) -> usize {
    if bytes.len() < FR_BYTES {
        return bytes.len();
    }
    let Some(tag) = bytes.strip_prefix(GLOBAL_TAG.as_bytes()) else {
        return 0;
    };
    let tag_char = |byte: &u8| byte.is_ascii_alphanumeric() || b"-()[],".contains(byte);
    let length = tag.iter().take_while(|byte| tag_char(byte)).count();
    match tag.get(length) {
        Some(b':') => GLOBAL_TAG.len() + length + 1,
        _ => GLOBAL_TAG.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use midnight_transient_crypto::proofs::ProofPreimage;

    type Body = (u64, Option<ProofPreimage>, Option<u64>);

    fn error(bytes: &[u8]) -> String {
        read::<Body>(bytes).unwrap_err().message
    }

    const EXPECTED: &str = "expected header tag 'midnight:(u64,option(proof-preimage),option(u64)):'";

    #[test]
    fn another_tag_is_named_and_what_follows_is_hidden() {
        let body = b"midnight:proof-preimage:SECRETSECRETSECRET";
        assert_eq!(
            error(body),
            format!("{EXPECTED}, got 'midnight:proof-preimage:{}'", "\u{fffd}".repeat(18))
        );
        assert!(!error(b"SECRETSECRETSECRETSECRETSECRETSECRET").contains("SECRET"));
        assert!(!error(b"midnight:SECRETSECRETSECRETSECRET\x00SECRET").contains("SECRET"));
    }

    #[test]
    fn short_bodies_are_answered_as_the_reference_does() {
        assert_eq!(error(b""), format!("{EXPECTED}, got ''"));
        let hidden = "\u{fffd}";
        assert_eq!(
            error(br#"{"key":"value"}"#),
            format!("{EXPECTED}, got '{hidden}{hidden}key{hidden}:{hidden}value{hidden}{hidden}'")
        );
    }

    #[test]
    fn truncated_and_doubled_bodies_are_told() {
        let body = b"midnight:(u64,option(proof-preimage),option(u64)):\x04\x00\x00";
        assert!(read::<Body>(body).is_ok());
        assert_eq!(error(&body[..body.len() - 1]), "failed to fill whole buffer");
        assert_eq!(
            error(&[&body[..], body].concat()),
            format!(
                "Not all bytes read deserializing '{}'; {} bytes remaining",
                "midnight:(u64,option(proof-preimage),option(u64)):",
                body.len()
            )
        );
    }
}
