//! How many columns the keys of a circuit have. The proving libraries take a key file's own word for it.

use midnight_curves::Fq;
use midnight_proofs::plonk::ConstraintSystem;
use midnight_zk_stdlib::{ZkStdLib, ZkStdLibArch};

use super::public_params::PublicParams;

/// Column counts of a circuit's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyShape {
    /// Fixed columns, selectors among them.
    pub fixed: usize,
    /// Columns under the permutation argument.
    pub permuted: usize,
    /// How many times as many rows the extended domain has.
    pub extension: usize,
}

const SCALAR_BYTES: usize = 32;

impl KeyShape {
    /// The shape that the chips in use determine.
    pub fn of(architecture: ZkStdLibArch) -> Self {
        let mut constraints = ConstraintSystem::<Fq>::default();
        ZkStdLib::configure(&mut constraints, architecture);
        KeyShape {
            fixed: constraints.num_fixed_columns() + constraints.num_selectors(),
            permuted: constraints.permutation().get_columns().len(),
            extension: (constraints.degree() - 1).next_power_of_two(),
        }
    }

    pub fn columns(&self) -> usize {
        self.fixed + self.permuted
    }

    /// How much memory the prover key occupies once it is parsed.
    pub fn prover_key_bytes(&self, k: u8) -> usize {
        /// l0, l_last and l_active_row.
        const EXTENDED_HELPERS: usize = 3;
        // Each column is held as values, as coefficients and over the extended domain.
        let scalars_per_row = self.columns() * (2 + self.extension) + EXTENDED_HELPERS * self.extension;
        (scalars_per_row * SCALAR_BYTES) << k
    }

    /// About how much memory a proof takes at its peak, the parsed key and the public parameters included.
    ///
    /// A proof's own polynomials grow with the circuit as the key does. With this factor and constant the estimate is
    /// above what was measured, by 7 to 21 % from k = 13 on: up to k = 15 by the test `proving_memory`, at k = 16 and 17
    /// by `npm run tune`.
    pub fn proving_bytes(&self, k: u8) -> u64 {
        const PER_RESIDENT_BYTE: f64 = 1.6;
        const BESIDES: u64 = 80 << 20;
        let resident = self.prover_key_bytes(k) + PublicParams::resident_bytes_for(k);
        BESIDES + (resident as f64 * PER_RESIDENT_BYTE) as u64
    }
}
