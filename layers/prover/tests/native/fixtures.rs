//! Circuits, keys, parameters and proof preimages that the tests share. Keys are generated once.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use midnight_serialize::Serializable;
use midnight_transient_crypto::proofs::{ProofPreimage, ProvingKeyMaterial};
use nightshift_prover::artifacts::circuit::Circuit;
use nightshift_prover::artifacts::prover_key::ProverKey;
use nightshift_prover::artifacts::public_params::PublicParams;
use nightshift_prover::artifacts::verifier_key::VerifierKey;
use nightshift_prover::artifacts::{load_file, parse, preimage};
use nightshift_prover::field::from_decimal;
use nightshift_prover::ops::{self, Proven};
use serde::Deserialize;
use serde_json::Value;

/// The smallest circuit: cheap enough to prove hundreds of times.
pub const SMALL: &str = "fallible/count";

pub fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets")
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test/data")
}

/// The ZKIR file of a circuit, named like `zswap/output` or `fallible/count`.
pub fn circuit_file(name: &str) -> PathBuf {
    let built_in = assets().join("midnight").join(name).with_extension("bzkir");
    if built_in.exists() {
        built_in
    } else {
        data().join("circuits").join(name).with_extension("zkir")
    }
}

/// A circuit with keys and parameters that belong to it.
pub struct Prepared {
    pub circuit: Circuit,
    pub params: Arc<PublicParams>,
    pub prover_bytes: Vec<u8>,
    pub verifier_bytes: Vec<u8>,
    /// The prover key in the stored form.
    pub stored_bytes: Vec<u8>,
    pub prover: ProverKey,
    pub verifier: VerifierKey,
}

/// On Midnight's parameters up to k = 14, on development parameters above.
pub fn prepared(name: &str) -> Arc<Prepared> {
    static PREPARED: LazyLock<Memo<String, Prepared>> = LazyLock::new(Memo::default);
    PREPARED.get(name.to_string(), || {
        let circuit: Circuit = load_file(&circuit_file(name)).unwrap();
        let k = circuit.k().unwrap();
        let params = if k > EMBEDDED_K {
            development_params(k)
        } else {
            params(k)
        };
        let keys = ops::keygen(&circuit, &params).unwrap();
        Prepared {
            prover: parse(&keys.prover).unwrap(),
            verifier: parse(&keys.verifier).unwrap(),
            prover_bytes: keys.prover,
            verifier_bytes: keys.verifier,
            stored_bytes: keys.stored,
            circuit,
            params,
        }
    })
}

const EMBEDDED_K: u8 = 14;

/// Development parameters.
pub fn development_params(k: u8) -> Arc<PublicParams> {
    static PARAMS: LazyLock<Memo<u8, PublicParams>> = LazyLock::new(Memo::default);
    PARAMS.get(k, || PublicParams::development(k).unwrap())
}

/// Public parameters up to k = 14.
pub fn params(k: u8) -> Arc<PublicParams> {
    static PARAMS: LazyLock<Memo<u8, PublicParams>> = LazyLock::new(Memo::default);
    PARAMS.get(k, || PublicParams::embedded().derive(k).unwrap())
}

/// A proof preimage that came out of the official packages, and what is known about it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Case {
    pub name: String,
    pub circuit: String,
    pub key_location: String,
    pub k: u8,
    pub binding_input: Option<String>,
    /// What a check gives, or an error's text.
    pub check: Value,
}

impl Case {
    pub fn satisfies(&self) -> bool {
        self.check.is_array()
    }

    /// The file's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(preimage_file(&self.name)).unwrap()
    }

    /// The preimage, its binding input applied.
    pub fn preimage(&self) -> ProofPreimage {
        let mut preimage = preimage::read(&self.bytes()).unwrap();
        if let Some(decimal) = &self.binding_input {
            preimage.binding_input = from_decimal("The binding input", decimal).unwrap();
        }
        preimage
    }
}

pub fn preimage_file(case: &str) -> PathBuf {
    data().join("preimages").join(format!("{case}.preimage.bin"))
}

/// A body of `/prove-tx` that came out of the official packages, without keys.
pub fn transaction_body(name: &str) -> Vec<u8> {
    std::fs::read(data().join("transactions").join(name).with_extension("bin")).unwrap()
}

/// The same body with keys, by key location.
pub fn transaction_body_with(name: &str, keys: HashMap<String, ProvingKeyMaterial>) -> Vec<u8> {
    let mut body = transaction_body(name);
    assert_eq!(body.pop(), Some(0), "the body has keys already");
    keys.serialize(&mut body).unwrap();
    body
}

/// What a client inlines for a circuit.
pub fn key_material(name: &str) -> ProvingKeyMaterial {
    let keys = prepared(name);
    ProvingKeyMaterial {
        prover_key: keys.prover_bytes.clone(),
        verifier_key: keys.verifier_bytes.clone(),
        ir_source: keys.circuit.canonical_bytes(),
    }
}

pub fn cases() -> Vec<Case> {
    let index = std::fs::read(data().join("preimages/index.json")).unwrap();
    serde_json::from_slice(&index).unwrap()
}

pub fn case(name: &str) -> Case {
    cases().into_iter().find(|case| case.name == name).unwrap()
}

/// A proof of the case, a new one each time.
pub fn prove(case: &Case) -> Proven {
    let keys = prepared(&case.circuit);
    ops::prove(
        &case.preimage(),
        &keys.circuit,
        &keys.prover,
        &keys.verifier,
        &keys.params,
    )
    .unwrap()
}

/// A proof of the case, made once.
pub fn proven(name: &str) -> Arc<Proven> {
    static PROVEN: LazyLock<Memo<String, Proven>> = LazyLock::new(Memo::default);
    PROVEN.get(name.to_string(), || prove(&case(name)))
}

/// Values made once, by whichever test asks first.
struct Memo<K, V>(Mutex<HashMap<K, Arc<OnceLock<Arc<V>>>>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Memo(Mutex::default())
    }
}

impl<K: Hash + Eq, V> Memo<K, V> {
    fn get(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        let cell = self.0.lock().unwrap().entry(key).or_default().clone();
        cell.get_or_init(|| Arc::new(make())).clone()
    }
}
