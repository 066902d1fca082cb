//! Takes apart the body of the reference server's `/prove-tx`.

use std::collections::{BTreeMap, HashMap};

use midnight_base_crypto::signatures::Signature;
use midnight_ledger::structure::{ProofPreimageMarker, Transaction};
use midnight_serialize::{GLOBAL_TAG, Tagged};
use midnight_storage::db::InMemoryDB;
use midnight_transient_crypto::commitment::PedersenRandomness;
use midnight_transient_crypto::proofs::ProvingKeyMaterial;

use crate::artifacts::circuit::{Circuit, Size};
use crate::artifacts::parse;
use crate::error::{Failure, Result};
use crate::{storage_graph, tagged};

/// The circuit of each key is laid out, which takes up to seconds.
const MAX_KEYS: usize = 64;

type UnprovenTransaction = Transaction<Signature, ProofPreimageMarker, PedersenRandomness, InMemoryDB>;
type Body = (UnprovenTransaction, HashMap<String, ProvingKeyMaterial>);

/// What a body holds.
#[derive(Debug)]
pub struct TransactionParts {
    /// The tagged transaction, without keys.
    pub transaction: Vec<u8>,
    /// By key location.
    pub keys: BTreeMap<String, CircuitKeys>,
}

/// A circuit and its keys, as they came in the body.
#[derive(Debug)]
pub struct CircuitKeys {
    pub ir: Vec<u8>,
    pub prover: Vec<u8>,
    pub verifier: Vec<u8>,
    pub size: Size,
}

/// Parses a body as the reference server does.
///
/// # Errors
/// INVALID_REQUEST with the deserializer's text, which is the reference's answer, or if there is more of something than
/// is taken on; INVALID_CIRCUIT if a circuit in it can't be read; CIRCUIT_TOO_LARGE.
pub fn transaction(body: &[u8]) -> Result<TransactionParts> {
    let header = format!("{GLOBAL_TAG}{}:", Body::tag());
    if let Some(graph) = body.strip_prefix(header.as_bytes()) {
        storage_graph::check_size(graph)?;
    }
    let (transaction, keys) = tagged::read::<Body>(body)?;
    if keys.len() > MAX_KEYS {
        return Err(Failure::invalid_request(format!(
            "The body has keys of {} circuits, of at most {MAX_KEYS}.",
            keys.len()
        )));
    }
    Ok(TransactionParts {
        transaction: tagged::write(&transaction),
        keys: keys
            .into_iter()
            .map(|(location, material)| {
                let keys = CircuitKeys {
                    size: parse::<Circuit>(&material.ir_source)?.size()?,
                    ir: material.ir_source,
                    prover: material.prover_key,
                    verifier: material.verifier_key,
                };
                Ok((location, keys))
            })
            .collect::<Result<_>>()?,
    })
}
