//! What a process that crashes leaves behind.

use std::fs;
use std::process::Command;

use crate::server::{EXECUTABLE, Server};

#[test]
fn no_memory_is_dumped_even_where_the_machine_would() {
    // As much as whoever runs the tests may have dumped.
    let script = format!("ulimit -S -c \"$(ulimit -H -c)\"; exec '{EXECUTABLE}' serve");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]);
    let mut server = Server::of(shell);
    // Once it answers, it has been through its beginning.
    server.expect("info", vec![]);
    let limits = fs::read_to_string(format!("/proc/{}/limits", server.child.id())).unwrap();
    let dumps = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    assert_eq!(dumps.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"]);
    server.end_quietly();
}
