//! A circuit: one ZKIR program.

use std::sync::OnceLock;

use midnight_serialize::Serializable;
use midnight_transient_crypto::proofs::Zkir;
use midnight_zk_stdlib::Relation;
use midnight_zkir::{Instruction, IrSource};

use super::key_shape::KeyShape;
use super::{Artifact, circuit_rules, sha256_hex, zkir};
use crate::contain::contain;
use crate::error::{Code, Failure, Result};
use crate::limits::MAX_IR_BYTES;
use crate::tagged;

/// A parser's account of a file that is not ZKIR stays this short.
const MAX_REASON_CHARS: usize = 200;

/// What it takes to prove a circuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub k: u8,
    /// About how much memory a proof takes at its peak, the key included.
    pub proving_bytes: u64,
}

/// A ZKIR program that keeps to the rules in [`circuit_rules`].
#[derive(Debug, Clone)]
pub struct Circuit {
    source: IrSource,
    k: OnceLock<Result<u8>>,
}

impl Circuit {
    /// # Errors
    /// INVALID_CIRCUIT or CIRCUIT_TOO_LARGE if it breaks a rule.
    pub fn new(source: IrSource) -> Result<Self> {
        circuit_rules::check(&source)?;
        Ok(Circuit {
            source,
            k: OnceLock::new(),
        })
    }

    pub fn source(&self) -> &IrSource {
        &self.source
    }

    /// The size of the circuit's evaluation domain, as a power of two. Lays the circuit out, so the first call costs
    /// up to seconds.
    ///
    /// # Errors
    /// CIRCUIT_TOO_LARGE above the largest `k` taken on; INVALID_CIRCUIT if the circuit can't be laid out.
    pub fn k(&self) -> Result<u8> {
        self.k.get_or_init(|| self.compute_k()).clone()
    }

    /// # Errors
    /// Those of [`Circuit::k`].
    pub fn size(&self) -> Result<Size> {
        self.k().map(|k| self.size_at(k))
    }

    /// The size of the circuit if its `k` is known.
    pub fn size_at(&self, k: u8) -> Size {
        Size {
            k,
            proving_bytes: self.shape().proving_bytes(k),
        }
    }

    /// The shape of the circuit's keys.
    pub fn shape(&self) -> KeyShape {
        KeyShape::of(self.source.used_chips())
    }

    fn compute_k(&self) -> Result<u8> {
        let k = contain(
            Failure::invalid_circuit("The ZKIR describes a circuit that can't be built."),
            || Ok(self.source.k()),
        )?;
        circuit_rules::check_k(k)?;
        Ok(k)
    }

    /// How many field elements a statement of this circuit has: the binding input, the communications commitment if
    /// there is one, and what the program declares.
    pub fn public_inputs(&self) -> usize {
        let declared = self.source.instructions.iter();
        let declared = declared
            .filter(|instruction| matches!(instruction, Instruction::DeclarePubInput { .. }))
            .count();
        1 + usize::from(self.source.do_communications_commitment) + declared
    }

    /// The tagged binary form, from which a circuit's hash is taken.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        tagged::write(&self.source)
    }

    /// SHA-256 of the canonical bytes, in hex.
    pub fn sha256(&self) -> String {
        sha256_hex(&self.canonical_bytes())
    }
}

impl Artifact for Circuit {
    const ROLE: &'static str = "ZKIR";
    const MALFORMED: Code = Code::InvalidCircuit;

    /// Takes the tagged binary form (`.bzkir`) and the compiler's JSON (`.zkir`).
    fn parse(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_IR_BYTES {
            return Err(circuit_rules::too_large(format!(
                "its ZKIR has more than {MAX_IR_BYTES} bytes"
            )));
        }
        Circuit::new(zkir::read(bytes).map_err(|reason| {
            let reason: String = reason.chars().take(MAX_REASON_CHARS).collect();
            Failure::invalid_circuit(format!("Unsupported ZKIR version: {reason}"))
        })?)
    }

    fn resident_bytes(&self) -> usize {
        // An instruction's own lists are about as long as its serialized form.
        self.source.instructions.len() * size_of::<Instruction>() + self.source.serialized_size()
    }
}
