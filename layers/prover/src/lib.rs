//! Proves, checks and verifies Midnight circuits.
//!
//! The crate takes bytes whose origin it does not trust: [`artifacts`] turns them into checked values, [`ops`] works on
//! those values alone, and [`serve`] and [`cli`] are two ways to reach the operations.

mod actions;
pub mod answers;
pub mod artifacts;
pub mod cache;
pub mod cli;
pub mod contain;
pub mod error;
pub mod field;
pub mod frames;
pub mod heap;
pub mod limits;
pub mod memory;
pub mod ops;
pub mod serve;
mod storage_graph;
pub mod tagged;
mod versions;
