//! Field elements as decimal strings.

use midnight_transient_crypto::curve::{FR_BYTES, Fr};
use num_bigint::BigUint;

use crate::error::{Failure, Result};

/// The scalar field's modulus has 77 decimal digits.
const MAX_DIGITS: usize = 77;

/// The decimal form of a field element, without leading zeros.
pub fn to_decimal(element: &Fr) -> String {
    BigUint::from_bytes_le(&element.as_le_bytes()).to_string()
}

/// Reads a field element of the BLS12-381 scalar field. `role` names it in the error.
///
/// # Errors
/// INVALID_REQUEST if it is not a plain decimal number below the modulus. The text is not repeated in the message.
pub fn from_decimal(role: &str, text: &str) -> Result<Fr> {
    let well_formed = (1..=MAX_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let bytes = well_formed
        .then(|| BigUint::parse_bytes(text.as_bytes(), 10))
        .flatten()
        .map(|number| number.to_bytes_le());
    bytes
        .filter(|bytes| bytes.len() <= FR_BYTES)
        .and_then(|bytes| Fr::from_le_bytes(&bytes))
        .ok_or_else(|| {
            Failure::invalid_request(format!(
                "{role} must be a decimal number below the BLS12-381 scalar field's modulus."
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULUS: &str = "52435875175126190479447740508185965837690552500527637822603658699938581184513";
    const LARGEST: &str = "52435875175126190479447740508185965837690552500527637822603658699938581184512";

    #[test]
    fn reads_and_writes_the_whole_range() {
        for decimal in ["0", "1", "18446744073709551616", LARGEST] {
            assert_eq!(to_decimal(&from_decimal("element", decimal).unwrap()), decimal);
        }
        assert_eq!(from_decimal("element", LARGEST).unwrap(), -Fr::from(1));
    }

    #[test]
    fn refuses_what_is_not_a_field_element() {
        for text in [
            "",
            "-1",
            "+1",
            "1_000",
            "0x1",
            "1.0",
            " 1",
            MODULUS,
            &"9".repeat(77),
            &"1".repeat(4000),
        ] {
            let failure = from_decimal("The binding input", text).unwrap_err();
            assert!(failure.message.starts_with("The binding input must be"));
        }
    }
}
