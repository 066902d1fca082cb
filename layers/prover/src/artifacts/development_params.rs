//! Development parameters: made here, for circuits whose real parameters are not at hand.
//!
//! They are INSECURE. Their secret follows from [`SEED`], and whoever knows the secret can prove false statements.

use ff::{BatchInvert, Field, FromUniformBytes, PrimeField};
use group::prime::PrimeCurveAffine;
use group::{Curve, Group};
use midnight_curves::{Bls12, Fq, G1Affine, G1Projective, G2Projective};
use midnight_proofs::poly::kzg::params::ParamsKZG;
use rayon::prelude::*;
use sha2::{Digest, Sha512};

/// The largest `k` that they are made for.
pub const LARGEST_K: u8 = 19;

const SEED: &[u8] = b"nightshift development parameters, insecure: whoever reads this knows the secret";

/// The parameters for `k`, the same ones every time: some 2^k / 80,000 seconds on one core.
pub fn make(k: u8) -> ParamsKZG<Bls12> {
    let secret = secret();
    let generator = Multiples::of(G1Projective::generator());
    let powers = generator.by_each(&powers(secret, 1 << k));
    let lagrange_basis = generator.by_each(&lagrange_polynomials(secret, k));
    let g2 = G2Projective::generator();
    ParamsKZG::from_parts(k.into(), powers, Some(lagrange_basis), g2, g2 * secret)
}

fn secret() -> Fq {
    Fq::from_uniform_bytes(&Sha512::digest(SEED).into())
}

fn powers(of: Fq, count: usize) -> Vec<Fq> {
    std::iter::successors(Some(Fq::ONE), |power| Some(power * of))
        .take(count)
        .collect()
}

/// The Lagrange polynomials of the 2^k-th roots of unity w at `x`: (x^n - 1) / n * w^i / (x - w^i).
fn lagrange_polynomials(x: Fq, k: u8) -> Vec<Fq> {
    let rows = 1u64 << k;
    let root = (u32::from(k)..Fq::S).fold(Fq::ROOT_OF_UNITY, |root, _| root.square());
    let roots = powers(root, rows as usize);
    let mut differences: Vec<Fq> = roots.iter().map(|root| x - root).collect();
    differences.iter_mut().batch_invert();
    let factor = (x.pow_vartime([rows]) - Fq::ONE) * Fq::TWO_INV.pow_vartime([u64::from(k)]);
    std::iter::zip(roots, differences)
        .map(|(root, inverse)| factor * root * inverse)
        .collect()
}

/// A point times every digit at every place of a scalar in base 256: a multiplication becomes 32 additions.
struct Multiples(Vec<[G1Affine; DIGITS]>);

const DIGITS: usize = 256;
const SCALAR_DIGITS: usize = 32;

impl Multiples {
    fn of(point: G1Projective) -> Self {
        let places = std::iter::successors(Some(point), |place| Some(place * Fq::from(DIGITS as u64)));
        let table = places.take(SCALAR_DIGITS).map(|place| {
            let multiples: Vec<G1Projective> =
                std::iter::successors(Some(G1Projective::identity()), |m| Some(m + place))
                    .take(DIGITS)
                    .collect();
            let mut row = [G1Affine::identity(); DIGITS];
            G1Projective::batch_normalize(&multiples, &mut row);
            row
        });
        Multiples(table.collect())
    }

    /// The point times each of the scalars, normalized: what is written are affine coordinates.
    fn by_each(&self, scalars: &[Fq]) -> Vec<G1Projective> {
        const CHUNK: usize = 1 << 10;
        let products = scalars.par_chunks(CHUNK).flat_map_iter(|chunk| {
            let products: Vec<G1Projective> = chunk.iter().map(|scalar| self.by(scalar)).collect();
            let mut affine = vec![G1Affine::identity(); products.len()];
            G1Projective::batch_normalize(&products, &mut affine);
            affine.into_iter().map(G1Projective::from)
        });
        products.collect()
    }

    fn by(&self, scalar: &Fq) -> G1Projective {
        std::iter::zip(&self.0, scalar.to_bytes_le())
            .map(|(multiples, digit)| &multiples[usize::from(digit)])
            .fold(G1Projective::identity(), |sum, multiple| sum + multiple)
    }
}
