//! Which versions of Midnight's formats this prover speaks.

use crate::artifacts::zkir;

/// Of proofs and proof preimages, as it is called outside.
pub const PROOF_VERSION: &str = "V2";

/// The refusal of a version that the ledger's library reads, but this prover does not serve.
pub fn unsupported(format: &str) -> String {
    format!("Unsupported {format} version{}", spoken())
}

/// Ends the text about bytes of another version.
pub fn spoken() -> String {
    format!(
        "; this server speaks proof version {PROOF_VERSION} and ZKIR version {}",
        zkir::served_names().join(", ")
    )
}
