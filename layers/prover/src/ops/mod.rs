//! The operations, on checked values. They know neither files nor frames.

mod adopt;
mod belonging;
mod check;
mod describe;
mod inspect;
mod keygen;
mod prove;
mod statement;
mod transaction;
mod verify;
mod witness_error;

pub use adopt::adopt;
pub use check::{check, encode_result};
pub use describe::{Description, describe};
pub use inspect::{Endpoint, Inlined, InlinedKeys, Inspected, inspect};
pub use keygen::{Keys, keygen};
pub use prove::{Proven, prove};
pub use statement::statement;
pub use transaction::{TransactionParts, transaction};
pub use verify::{Claim, decode_proof, decode_statement, hold_together, verify, verify_all};
