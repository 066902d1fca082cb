//! How many columns the keys of a circuit have. The proving libraries take a key file's own word for it.

use midnight_curves::Fq;
use midnight_proofs::plonk::ConstraintSystem;
use midnight_zk_stdlib::{ZkStdLib, ZkStdLibArch};

/// Column counts of a circuit's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyShape {
    /// Fixed columns, selectors among them.
    pub fixed: usize,
    /// Columns under the permutation argument.
    pub permuted: usize,
}

impl KeyShape {
    /// The shape that the chips in use determine.
    pub fn of(architecture: ZkStdLibArch) -> Self {
        let mut constraints = ConstraintSystem::<Fq>::default();
        ZkStdLib::configure(&mut constraints, architecture);
        KeyShape {
            fixed: constraints.num_fixed_columns() + constraints.num_selectors(),
            permuted: constraints.permutation().get_columns().len(),
        }
    }

    pub fn columns(&self) -> usize {
        self.fixed + self.permuted
    }
}
