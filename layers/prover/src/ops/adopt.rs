//! Takes over keys that were made elsewhere.

use super::belonging;
use crate::artifacts::circuit::Circuit;
use crate::artifacts::prover_key::build;
use crate::artifacts::prover_key_file::ProverKeyFile;
use crate::artifacts::stored_key;
use crate::artifacts::verifier_key::VerifierKey;
use crate::error::Result;

/// Holds a prover key file against the prover key that follows from the circuit and the verifier key; gives the latter
/// in the stored form. Needs no public parameters: that the verifier key is the circuit's own, the first proof shows.
///
/// # Errors
/// KEY_MISMATCH if they don't belong together; INVALID_CIRCUIT or CIRCUIT_TOO_LARGE if the file is no prover key.
pub fn adopt(circuit: &Circuit, prover: &[u8], verifier: &VerifierKey) -> Result<Vec<u8>> {
    let file = ProverKeyFile::open(prover)?;
    belonging::expect_made_for(circuit, file.circuit())?;
    belonging::expect_public_inputs(circuit, verifier)?;
    // The file's size is the circuit's; the verifier key's is only its word.
    belonging::expect_together(file.k() == verifier.k())?;
    belonging::expect_together(file.holds(&build(circuit, verifier)?))?;
    Ok(stored_key::write(circuit, verifier.key()))
}
