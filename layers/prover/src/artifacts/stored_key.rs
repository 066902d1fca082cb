//! The form in which a deployment stores the prover keys that it made: what they follow from, and nothing else.
//!
//! Nearly all of what loading a prover key takes is work on its columns, whether they are read or laid out anew. Anew, the
//! columns are worked on side by side, and there is next to nothing to fetch. `npm run bench` measures this form against
//! the key as Midnight writes it, and against the unpacked key; docs/performance.md says what came of it.

use midnight_transient_crypto::proofs::VerifierKey as TaggedVerifierKey;
use midnight_zk_stdlib::MidnightVK;
use midnight_zkir::IrSource;

use super::circuit::Circuit;
use super::envelope::Enveloped;
use super::verifier_key::VerifierKey;
use crate::error::{Failure, Result};
use crate::tagged;

/// Tagged, so that a version of either that is not served is told.
type Stored = (IrSource, Enveloped<TaggedVerifierKey>);

pub fn write(circuit: &Circuit, verifier: &MidnightVK) -> Vec<u8> {
    let stored: Stored = (circuit.source().clone(), VerifierKey::envelop(verifier));
    tagged::write(&stored)
}

/// # Errors
/// INVALID_CIRCUIT or CIRCUIT_TOO_LARGE if it does not hold a circuit and a verifier key.
pub fn read(bytes: &[u8]) -> Result<(Circuit, VerifierKey)> {
    let (source, verifier): Stored = tagged::read(bytes)
        .map_err(|failure| Failure::invalid_circuit(format!("The stored key is malformed: {}", failure.message)))?;
    Ok((Circuit::new(source)?, VerifierKey::read(&verifier.into_bytes())?))
}
