//! Prover keys.

use std::io::{self, BufReader, Read};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use midnight_curves::Fq;
use midnight_proofs::circuit::Value;
use midnight_proofs::utils::SerdeFormat;
use midnight_serialize::Deserializable;
use midnight_transient_crypto::proofs::ProverKey as TaggedProverKey;
use midnight_zk_stdlib::{MidnightCircuit, MidnightPK, Relation};
use midnight_zkir::IrSource;

use super::circuit::Circuit;
use super::key_shape::KeyShape;
use super::layout::{expect, invalid, skip, take};
use super::{Artifact, envelope};
use crate::error::{Code, Failure, Result};
use crate::limits::{MAX_IR_BYTES, MAX_K};

/// Midnight's choice; another level would give keys with other hashes.
const COMPRESSION_LEVEL: u32 = 6;
const KEY_VERSION: u8 = 3;
const POINT_BYTES: u64 = 96;
const SCALAR_BYTES: u64 = 32;
/// Sizes of the range-check table that key generation chooses from.
const RANGE_TABLE_BITS: std::ops::RangeInclusive<u8> = 8..=24;

/// What proofs of one circuit are made with.
#[derive(Debug)]
pub struct ProverKey {
    key: TaggedProverKey<IrSource>,
    circuit: Circuit,
    k: u8,
    fingerprint: Fq,
    resident_bytes: usize,
}

impl ProverKey {
    /// The tagged and compressed form, the way Midnight writes it.
    pub fn write(key: &MidnightPK<IrSource>) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(COMPRESSION_LEVEL));
        key.write(&mut encoder, SerdeFormat::RawBytesUnchecked)
            .and_then(|()| encoder.finish())
            .map(envelope::seal::<TaggedProverKey<IrSource>>)
            .expect("writing to memory does not fail")
    }

    /// The key in the form that the proving library takes. A clone is cheap.
    pub fn key(&self) -> TaggedProverKey<IrSource> {
        self.key.clone()
    }

    pub fn circuit(&self) -> &Circuit {
        &self.circuit
    }

    pub fn k(&self) -> u8 {
        self.k
    }

    /// Tells the verifier key that belongs to this key from every other.
    pub fn fingerprint(&self) -> Fq {
        self.fingerprint
    }
}

impl Artifact for ProverKey {
    const ROLE: &'static str = "prover key";
    const MALFORMED: Code = Code::InvalidCircuit;

    fn parse(bytes: &[u8]) -> Result<Self> {
        let compressed =
            envelope::open::<TaggedProverKey<IrSource>>(bytes).map_err(|failure| malformed(failure.message))?;
        // Twice through the compressed bytes: holding the uncompressed ones would cost several times the memory.
        let (circuit, k) = check_layout(&compressed)?;
        let mut raw = BufReader::new(GzDecoder::new(&compressed[..]));
        let key = MidnightPK::<IrSource>::read(&mut raw, SerdeFormat::RawBytesUnchecked).map_err(malformed)?;
        let shape = KeyShape::of(circuit.source().used_chips());
        let extended_rows = key.pk().get_vk().get_domain().extended_len();
        Ok(ProverKey {
            k,
            fingerprint: key.pk().get_vk().transcript_repr(),
            resident_bytes: resident_bytes(shape, k, extended_rows),
            circuit,
            key: key.into(),
        })
    }

    fn resident_bytes(&self) -> usize {
        self.resident_bytes
    }
}

/// Holds every count and length in the key against its circuit's, and the end against the file's.
///
/// The library that reads the key next believes them all: it allocates what they say and panics at the end of file.
/// Layout: bits of the range-check table (u8), k (u8), ZKIR; version (u8), k (u8), fixed columns (u32 LE), one point
/// for each column; then, of the fixed and again of the permuted columns, their number (u32 BE) and each column's
/// length (u32 BE) and scalars.
fn check_layout(compressed: &[u8]) -> Result<(Circuit, u8)> {
    let mut raw = BufReader::new(GzDecoder::new(compressed));
    let [range_table_bits, k] = take(&mut raw).map_err(malformed)?;
    let source = IrSource::deserialize(&mut raw.by_ref().take(MAX_IR_BYTES as u64), 0);
    let circuit = Circuit::new(source.map_err(malformed)?)?;
    check_size(&circuit, range_table_bits, k)?;

    let shape = KeyShape::of(circuit.source().used_chips());
    check_columns(&mut raw, shape, k).map_err(malformed)?;
    if !raw.into_inner().into_inner().is_empty() {
        return Err(malformed("bytes follow its end"));
    }
    Ok((circuit, k))
}

const OTHER_COLUMNS: &str = "its columns are not those of its circuit";

fn check_columns(raw: &mut impl Read, shape: KeyShape, k: u8) -> io::Result<()> {
    let rows = 1u32 << k;
    expect(raw, [KEY_VERSION, k], OTHER_COLUMNS)?;
    expect(raw, (shape.fixed as u32).to_le_bytes(), OTHER_COLUMNS)?;
    skip(raw, shape.columns() as u64 * POINT_BYTES)?;
    for columns in [shape.fixed, shape.permuted] {
        expect(raw, (columns as u32).to_be_bytes(), OTHER_COLUMNS)?;
        for _ in 0..columns {
            expect(raw, rows.to_be_bytes(), OTHER_COLUMNS)?;
            skip(raw, u64::from(rows) * SCALAR_BYTES)?;
        }
    }
    match raw.read(&mut [0])? {
        0 => Ok(()),
        _ => Err(invalid("it is longer than its circuit's key")),
    }
}

/// A key's `k` is at most what its circuit needs with the smallest range-check table; key generation takes a larger
/// table only where that gives a smaller `k`. One pass over the circuit instead of the several that find the exact `k`.
fn check_size(circuit: &Circuit, range_table_bits: u8, k: u8) -> Result<()> {
    let with_smallest_table = MidnightCircuit::new(
        circuit.source(),
        Value::unknown(),
        Value::unknown(),
        Some(*RANGE_TABLE_BITS.start()),
    );
    let most = with_smallest_table.min_k().min(u32::from(*MAX_K));
    if !RANGE_TABLE_BITS.contains(&range_table_bits) || u32::from(k) > most {
        return Err(malformed("its size is not its circuit's"));
    }
    Ok(())
}

fn resident_bytes(shape: KeyShape, k: u8, extended_rows: usize) -> usize {
    /// l0, l_last and l_active_row.
    const EXTENDED_HELPERS: usize = 3;
    let rows = 1usize << k;
    // Each column is held as values, as coefficients and over the extended domain.
    let scalars = shape.columns() * (2 * rows + extended_rows) + EXTENDED_HELPERS * extended_rows;
    scalars * SCALAR_BYTES as usize
}

fn malformed(reason: impl std::fmt::Display) -> Failure {
    Failure::invalid_circuit(format!("The prover key is malformed: {reason}."))
}
