//! The prover against Midnight's own artifacts and against hostile ones.

mod circuits;
mod command_line;
mod fixtures;
mod framing;
mod hostile;
mod inspecting;
mod mutants;
mod pins;
mod proving;
mod server;
mod serving;
mod transactions;
