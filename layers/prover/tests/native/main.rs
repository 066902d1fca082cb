//! The prover against Midnight's own artifacts and against hostile ones.

mod circuits;
mod command_line;
mod crashing;
mod development;
mod fixtures;
mod framing;
mod holding;
mod hostile;
mod inspecting;
mod keys;
mod mutants;
mod pins;
mod proving;
mod proving_memory;
mod running_out;
mod server;
mod serving;
mod transactions;
mod verifying;
