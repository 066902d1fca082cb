//! Why a proof preimage does not satisfy its circuit, told without its values.

/// Texts of the ZKIR machine that hold counts and no values.
const HARMLESS: [&str; 3] = [
    "Expected communications commitment",
    "Failed direct assertion",
    "Communications commitment mismatch",
];

/// Likewise, of a preimage that is longer or shorter than its circuit takes.
const MISFITS: [&str; 3] = [
    "Ran out of public transcript outputs",
    "Ran out of private transcript outputs",
    "Transcripts not fully consumed",
];
const ANOTHER_CIRCUIT: &str = ": the proof preimage is probably that of another circuit";

/// Beginnings of texts that go on with values, and what to say instead.
const REVEALING: [(&str, &str); 5] = [
    (
        "Expected boolean",
        "Expected boolean: a value used as a condition is neither 0 nor 1",
    ),
    ("Elliptic curve point not on curve", "Elliptic curve point not on curve"),
    ("Failed equality constraint", "Failed equality constraint"),
    (
        "Reconstituted element overflows field",
        "Reconstituted element overflows field",
    ),
    (
        "Inputs did not match alignment",
        "Inputs did not match alignment: a hashed value does not fit its type",
    ),
];

const MISMATCH: &str = "Public transcript input mismatch for input ";
const UNKNOWN: &str = "The proof preimage does not satisfy the circuit";

/// A text for `error`, which comes from the ZKIR machine, that holds no witness value. What is not known is not repeated.
pub fn describe(error: &str) -> String {
    if let Some(text) = HARMLESS.iter().find(|text| error == **text) {
        return (*text).into();
    }
    if let Some(text) = MISFITS.iter().find(|text| error == **text) {
        return format!("{text}{ANOTHER_CIRCUIT}");
    }
    if let Some((_, text)) = REVEALING.iter().find(|(start, _)| error.starts_with(start)) {
        return (*text).into();
    }
    mismatched_input(error)
        .or_else(|| wrong_count(error))
        .or_else(|| too_many_bits(error))
        .unwrap_or_else(|| UNKNOWN.into())
}

fn mismatched_input(error: &str) -> Option<String> {
    let (index, _) = error.strip_prefix(MISMATCH)?.split_once(';')?;
    let index: u32 = index.parse().ok()?;
    Some(format!("{MISMATCH}{index}"))
}

fn wrong_count(error: &str) -> Option<String> {
    let (expected, received) = error.strip_prefix("Expected ")?.split_once(" inputs, received ")?;
    let (expected, received): (u32, u32) = (expected.parse().ok()?, received.parse().ok()?);
    Some(format!(
        "Expected {expected} inputs, received {received}{ANOTHER_CIRCUIT}"
    ))
}

fn too_many_bits(error: &str) -> Option<String> {
    let (_value, bound) = error.strip_prefix("Bit bound failed: ")?.split_once(" is not ")?;
    let bits: u32 = bound.strip_suffix("-bit")?.parse().ok()?;
    Some(format!("Bit bound failed: a value has more than {bits} bits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_left_out() {
        let cases = [
            ("Expected boolean, found: 1f00", REVEALING[0].1),
            ("Failed equality constraint: 99 != 98", "Failed equality constraint"),
            (
                "Bit bound failed: 777 is not 8-bit",
                "Bit bound failed: a value has more than 8 bits",
            ),
            ("Bit bound failed: 777 is not 8-bit: 778", UNKNOWN),
            (
                "Public transcript input mismatch for input 3; expected: Some(17), computed: Some(18)",
                "Public transcript input mismatch for input 3",
            ),
            (
                "Inputs did not match alignment (inputs: [5], alignment: f)",
                REVEALING[4].1,
            ),
            (
                "Elliptic curve point not on curve: (12, 13)",
                "Elliptic curve point not on curve",
            ),
            ("something new: 123456", UNKNOWN),
            ("Public transcript input mismatch for input 0x99", UNKNOWN),
            ("Expected 1234 things", UNKNOWN),
        ];
        for (raw, told) in cases {
            assert_eq!(describe(raw), told);
        }
    }

    #[test]
    fn counts_are_kept() {
        assert_eq!(
            describe("Expected 2 inputs, received 3"),
            "Expected 2 inputs, received 3: the proof preimage is probably that of another circuit"
        );
        assert_eq!(
            describe("Transcripts not fully consumed"),
            "Transcripts not fully consumed: the proof preimage is probably that of another circuit"
        );
        assert_eq!(describe("Failed direct assertion"), "Failed direct assertion");
    }
}
