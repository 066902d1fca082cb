//! A prover process to talk to, and files to hand to it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use nightshift_prover::artifacts::sha256_hex;
use rmpv::Value;
use tempfile::TempDir;

use crate::fixtures::{Prepared, SMALL, case, prepared};

pub const EXECUTABLE: &str = env!("CARGO_BIN_EXE_nightshift-prover");

pub struct Server {
    pub child: Child,
    input: Option<ChildStdin>,
    output: ChildStdout,
}

impl Server {
    pub fn start(variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(EXECUTABLE);
        command.arg("serve").envs(variables.iter().copied());
        Self::of(command)
    }

    pub fn of(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take(), child.stdout.take().unwrap());
        Server { child, input, output }
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    pub fn send_frame(&mut self, content: &[u8]) {
        self.send_bytes(&(content.len() as u32).to_le_bytes());
        self.send_bytes(content);
    }

    pub fn send(&mut self, id: u32, op: &str, args: Vec<(&str, Value)>) {
        let head = vec![("id", Value::from(id)), ("op", Value::from(op))];
        let mut content = Vec::new();
        rmpv::encode::write_value(&mut content, &map(head.into_iter().chain(args).collect())).unwrap();
        self.send_frame(&content);
    }

    pub fn receive(&mut self) -> Value {
        let mut length = [0; 4];
        self.output.read_exact(&mut length).unwrap();
        let mut content = vec![0; u32::from_le_bytes(length) as usize];
        self.output.read_exact(&mut content).unwrap();
        rmpv::decode::read_value(&mut &content[..]).unwrap()
    }

    pub fn ask(&mut self, op: &str, args: Vec<(&str, Value)>) -> Value {
        self.send(1, op, args);
        let reply = self.receive();
        assert_eq!(reply["id"], 1.into());
        reply
    }

    /// The answer's `ok`.
    pub fn expect(&mut self, op: &str, args: Vec<(&str, Value)>) -> Value {
        let reply = self.ask(op, args);
        assert!(reply["error"].is_nil(), "{reply}");
        reply["ok"].clone()
    }

    /// The error's code.
    pub fn expect_error(&mut self, op: &str, args: Vec<(&str, Value)>) -> String {
        let reply = self.ask(op, args);
        assert!(reply["ok"].is_nil(), "{reply}");
        reply["error"]["code"].as_str().unwrap().into()
    }

    /// Ends the input; gives the exit code, what was left on stdout, and stderr.
    pub fn end(mut self) -> (Option<i32>, Vec<u8>, String) {
        drop(self.input.take());
        let (mut rest, mut errors) = (Vec::new(), String::new());
        self.output.read_to_end(&mut rest).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        (self.child.wait().unwrap().code(), rest, errors)
    }

    pub fn end_quietly(self) {
        assert_eq!(self.end(), (Some(0), vec![], String::new()));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn map(entries: Vec<(&str, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

pub fn bytes(content: &[u8]) -> Value {
    Value::Binary(content.to_vec())
}

pub fn path(path: &Path) -> Value {
    path.to_str().unwrap().into()
}

/// Files of a circuit, its keys and its parameters; of the small circuit, unless another is named.
pub struct Files {
    directory: TempDir,
    pub keys: Arc<Prepared>,
}

impl Files {
    pub fn new() -> Self {
        Files::of(SMALL)
    }

    pub fn of(circuit: &str) -> Self {
        let (directory, keys) = (tempfile::tempdir().unwrap(), prepared(circuit));
        let files = [
            ("ir", keys.circuit.canonical_bytes()),
            ("prover", keys.prover_bytes.clone()),
            ("verifier", keys.verifier_bytes.clone()),
            ("params", keys.params.write()),
        ];
        for (role, content) in files {
            std::fs::write(directory.path().join(role), content).unwrap();
        }
        Files { directory, keys }
    }

    pub fn sha256(&self, role: &str) -> String {
        sha256_hex(&std::fs::read(self.directory.path().join(role)).unwrap())
    }

    /// Writes a file, and gives the argument that names it.
    pub fn write(&self, role: &'static str, content: &[u8]) -> (&'static str, Value) {
        std::fs::write(self.directory.path().join(role), content).unwrap();
        self.artifact(role)
    }

    pub fn artifact(&self, role: &'static str) -> (&'static str, Value) {
        let file = self.directory.path().join(role);
        (
            role,
            map(vec![("sha256", self.sha256(role).into()), ("path", path(&file))]),
        )
    }

    /// The small circuit's prover key, or what is given for it, as one that the deployment made itself.
    pub fn derived(&self, stored: &[u8]) -> (&'static str, Value) {
        let (_, file) = self.write("stored", stored);
        let Value::Map(mut entries) = file else {
            unreachable!("an artifact is a map")
        };
        entries.push(("derived".into(), true.into()));
        ("prover", Value::Map(entries))
    }

    pub fn prove_args(&self) -> Vec<(&'static str, Value)> {
        let preimage = ("preimage", bytes(&case("fallible-count").bytes()));
        let files = ["ir", "prover", "verifier", "params"].map(|role| self.artifact(role));
        std::iter::once(preimage).chain(files).collect()
    }

    pub fn out(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
}
