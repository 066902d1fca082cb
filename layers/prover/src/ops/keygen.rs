//! Derives a circuit's keys. Deterministic: the same circuit and parameters give the same bytes.

use midnight_zk_stdlib::{setup_pk, setup_vk};

use crate::artifacts::circuit::Circuit;
use crate::artifacts::public_params::PublicParams;
use crate::artifacts::verifier_key::VerifierKey;
use crate::artifacts::{prover_key_file, stored_key};
use crate::contain::contain;
use crate::error::{Failure, Result};

/// Key files.
#[derive(Debug)]
pub struct Keys {
    /// As Midnight writes it.
    pub prover: Vec<u8>,
    pub verifier: Vec<u8>,
    /// The prover key in the stored form.
    pub stored: Vec<u8>,
}

/// # Errors
/// PARAMS_UNAVAILABLE if the parameters are for another `k` than the circuit's; INVALID_CIRCUIT or CIRCUIT_TOO_LARGE if
/// the circuit has no keys.
pub fn keygen(circuit: &Circuit, params: &PublicParams) -> Result<Keys> {
    params.expect_k(circuit.k()?)?;
    let failed = Failure::invalid_circuit("Keys for this circuit can't be generated.");
    contain(failed, || {
        let verifier = setup_vk(params.kzg(), circuit.source());
        let prover = setup_pk(circuit.source(), &verifier);
        Ok(Keys {
            prover: prover_key_file::write(&prover),
            verifier: VerifierKey::write(&verifier),
            stored: stored_key::write(circuit, &verifier),
        })
    })
}
