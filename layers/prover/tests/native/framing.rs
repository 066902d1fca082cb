//! The built executable as a child process: frames in, frames out, whatever is in them.

use rmpv::Value;

use crate::fixtures::case;
use crate::server::{Files, Server, bytes, map};

/// The circuit library prints a warning to stdout about this circuit.
#[test]
fn what_libraries_print_does_not_reach_the_frames() {
    let declare = r#"{"op":"declare_pub_input","var":0},"#.repeat(300);
    let instructions = declare.trim_end_matches(',');
    let ir = format!(
        r#"{{"version":{{"major":2,"minor":0}},"num_inputs":1,"do_communications_commitment":false,"instructions":[{instructions}]}}"#
    );
    let mut server = Server::start(&[]);
    assert_eq!(server.expect("k", vec![("ir", bytes(ir.as_bytes()))])["k"], 9.into());
    server.end_quietly();
}

#[test]
fn requests_are_answered_in_order() {
    let mut server = Server::start(&[]);
    for id in [7, u32::MAX, 0] {
        server.send(id, "info", vec![]);
    }
    for id in [7, u32::MAX, 0] {
        assert_eq!(server.receive()["id"], id.into());
    }
    server.end_quietly();
}

#[test]
fn junk_in_a_frame_is_an_error_and_no_end() {
    let files = Files::new();
    let mut server = Server::start(&[]);
    let mut without_id = Vec::new();
    rmpv::encode::write_value(&mut without_id, &map(vec![("op", "info".into())])).unwrap();
    let deep = [0x91; 100_000];
    for junk in [
        &b""[..],
        b"\xc1",
        b"junk",
        &[0xdf, 0xff, 0xff, 0xff, 0xff],
        &without_id,
        &deep,
    ] {
        server.send_frame(junk);
        let reply = server.receive();
        assert!(reply["id"].is_nil());
        assert_eq!(reply["error"]["code"], "INVALID_REQUEST".into());
    }
    let witness = case("fallible-count").bytes();
    let misplaced = vec![
        ("preimage", Value::from("secret witness".repeat(10))),
        files.artifact("ir"),
    ];
    let reply = server.ask("check", misplaced);
    assert_eq!(reply["error"]["code"], "INVALID_REQUEST".into());
    assert!(!reply.to_string().contains("secret"));
    assert_eq!(
        server.expect_error("check", vec![("preimage", bytes(&witness))]),
        "INVALID_REQUEST"
    );
    assert_eq!(server.expect_error("no such operation", vec![]), "INVALID_REQUEST");
    server.expect("info", vec![]);
    server.end_quietly();
}

#[test]
fn an_oversize_frame_is_answered_and_ends_the_process() {
    let mut server = Server::start(&[]);
    server.send_bytes(&u32::MAX.to_le_bytes());
    assert_eq!(server.receive()["error"]["code"], "INVALID_REQUEST".into());
    let (code, rest, _) = server.end();
    assert_eq!((code, rest), (Some(1), vec![]));
}

#[test]
fn an_input_that_ends_inside_a_frame_is_a_failure() {
    let mut server = Server::start(&[]);
    server.send_bytes(&[9, 0, 0, 0, 1]);
    let (code, rest, _) = server.end();
    assert_eq!((code, rest), (Some(1), vec![]));
}
