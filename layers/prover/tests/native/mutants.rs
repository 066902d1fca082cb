//! Damaged copies of files, the same ones in every run.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use midnight_serialize::tagged_serialize;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

pub const SEED: u64 = 0x6e69_6768_7473_6869;
/// Truncations and single flipped bits of `original`, `count` of each at most.
pub fn mutants(original: &[u8], count: usize) -> impl Iterator<Item = Vec<u8>> + '_ {
    let mut random = StdRng::seed_from_u64(SEED);
    let all_cuts = original.len() <= count;
    let cuts: Vec<usize> = match all_cuts {
        true => (0..original.len()).collect(),
        false => (0..count).map(|_| random.gen_range(0..original.len())).collect(),
    };
    let flips: Vec<(usize, u8)> = (0..count)
        .map(|_| (random.gen_range(0..original.len()), 1 << random.gen_range(0..8)))
        .collect();
    let truncated = cuts.into_iter().map(|length| original[..length].to_vec());
    let flipped = flips.into_iter().map(|(position, bit)| {
        let mut bytes = original.to_vec();
        bytes[position] ^= bit;
        bytes
    });
    truncated.chain(flipped)
}

const PROVER_KEY_HEADER: &[u8] = b"midnight:prover-key[v7](ir-source[v2]):";

/// The prover key's content.
pub fn uncompress(tagged: &[u8]) -> Vec<u8> {
    let enveloped = tagged.strip_prefix(PROVER_KEY_HEADER).unwrap();
    // The length in front of the compressed bytes has one to five bytes.
    let start = enveloped.windows(2).position(|window| window == [0x1f, 0x8b]).unwrap();
    let mut raw = Vec::new();
    GzDecoder::new(&enveloped[start..]).read_to_end(&mut raw).unwrap();
    raw
}

/// A well-formed envelope around the content.
pub fn recompress(raw: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(raw).unwrap();
    let mut tagged = Vec::new();
    tagged_serialize(&encoder.finish().unwrap(), &mut tagged).unwrap();
    let enveloped = tagged.strip_prefix(b"midnight:vec(u8):").unwrap();
    [PROVER_KEY_HEADER, enveloped].concat()
}
