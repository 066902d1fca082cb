//! Prover key files as Midnight writes them: in an envelope, compressed.

use std::io::{self, BufReader, Read, Write};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use midnight_proofs::circuit::Value;
use midnight_proofs::utils::SerdeFormat;
use midnight_serialize::Deserializable;
use midnight_transient_crypto::proofs::ProverKey as TaggedProverKey;
use midnight_zk_stdlib::{MidnightCircuit, MidnightPK};
use midnight_zkir::IrSource;

use super::circuit::Circuit;
use super::envelope;
use super::key_shape::KeyShape;
use super::layout::{expect, invalid, skip, take};
use crate::error::{Failure, Result};
use crate::limits::{MAX_IR_BYTES, MAX_K};

/// Midnight's choice; another level would give keys with other hashes.
const COMPRESSION_LEVEL: u32 = 6;
const KEY_VERSION: u8 = 3;
const POINT_BYTES: u64 = 96;
const SCALAR_BYTES: u64 = 32;
/// Sizes of the range-check table that key generation chooses from.
const RANGE_TABLE_BITS: std::ops::RangeInclusive<u8> = 8..=24;

/// The file's bytes.
pub fn write(key: &MidnightPK<IrSource>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(COMPRESSION_LEVEL));
    key.write(&mut encoder, SerdeFormat::RawBytesUnchecked)
        .and_then(|()| encoder.finish())
        .map(envelope::seal::<TaggedProverKey<IrSource>>)
        .expect("writing to memory does not fail")
}

/// A file whose counts and lengths are those of its circuit's key. What stands in the columns is not looked at.
pub struct ProverKeyFile {
    compressed: Vec<u8>,
    circuit: Circuit,
    k: u8,
    checking: Duration,
}

impl ProverKeyFile {
    /// # Errors
    /// INVALID_CIRCUIT if it is no prover key; CIRCUIT_TOO_LARGE.
    pub fn open(bytes: &[u8]) -> Result<Self> {
        let compressed =
            envelope::open::<TaggedProverKey<IrSource>>(bytes).map_err(|failure| malformed(failure.message))?;
        let mut raw = uncompressed(&compressed);
        let (circuit, k) = check_layout(&mut raw)?;
        let rest = raw.into_inner();
        let checking = rest.spent;
        if !rest.reader.into_inner().is_empty() {
            return Err(malformed("bytes follow its end"));
        }
        Ok(ProverKeyFile {
            compressed,
            circuit,
            k,
            checking,
        })
    }

    pub fn circuit(&self) -> &Circuit {
        &self.circuit
    }

    pub fn k(&self) -> u8 {
        self.k
    }

    /// The key, its circuit, and how long uncompressing it took.
    ///
    /// # Errors
    /// INVALID_CIRCUIT if the proving library can't read it.
    pub fn read(self) -> Result<(MidnightPK<IrSource>, Circuit, Duration)> {
        // Through the compressed bytes again: holding the uncompressed ones would cost several times the memory.
        let mut raw = uncompressed(&self.compressed);
        let key = MidnightPK::read(&mut raw, SerdeFormat::RawBytesUnchecked).map_err(malformed)?;
        Ok((key, self.circuit, self.checking + raw.get_ref().spent))
    }

    /// Does the file hold this key, to the last byte?
    pub fn holds(&self, key: &MidnightPK<IrSource>) -> bool {
        let mut same = Same(uncompressed(&self.compressed));
        key.write(&mut same, SerdeFormat::RawBytesUnchecked).is_ok()
    }
}

type Uncompressed<'a> = BufReader<Timed<GzDecoder<&'a [u8]>>>;

fn uncompressed(compressed: &[u8]) -> Uncompressed<'_> {
    const BUFFER_BYTES: usize = 64 << 10;
    let timed = Timed {
        reader: GzDecoder::new(compressed),
        spent: Duration::ZERO,
    };
    BufReader::with_capacity(BUFFER_BYTES, timed)
}

/// Measures the time spent reading.
struct Timed<R> {
    reader: R,
    spent: Duration,
}

impl<R: Read> Read for Timed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let started = Instant::now();
        let read = self.reader.read(buffer);
        self.spent += started.elapsed();
        read
    }
}

/// Takes only what the reader gives.
struct Same<R>(R);

impl<R: Read> Write for Same<R> {
    fn write(&mut self, expected: &[u8]) -> io::Result<usize> {
        let mut found = [0; 64];
        let length = expected.len().min(found.len());
        self.0.read_exact(&mut found[..length])?;
        if found[..length] != expected[..length] {
            return Err(invalid("it differs"));
        }
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Holds every count and length in the key against its circuit's, and the end against the file's.
///
/// The library that reads the key next believes them all: it allocates what they say and panics at the end of file.
/// Layout: bits of the range-check table (u8), k (u8), ZKIR; version (u8), k (u8), fixed columns (u32 LE), one point
/// for each column; then, of the fixed and again of the permuted columns, their number (u32 BE) and each column's
/// length (u32 BE) and scalars.
fn check_layout(raw: &mut impl Read) -> Result<(Circuit, u8)> {
    let [range_table_bits, k] = take(raw).map_err(malformed)?;
    let source = IrSource::deserialize(&mut raw.by_ref().take(MAX_IR_BYTES as u64), 0);
    let circuit = Circuit::new(source.map_err(malformed)?)?;
    check_size(&circuit, range_table_bits, k)?;

    check_columns(raw, circuit.shape(), k).map_err(malformed)?;
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

fn malformed(reason: impl std::fmt::Display) -> Failure {
    Failure::invalid_circuit(format!("The prover key is malformed: {reason}."))
}
