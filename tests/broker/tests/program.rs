//! The broker as a program.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_libkafka-testbroker");

/// Ends what a test has started, if it still runs.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks for the versions of the APIs, in version 0; gives the number of bytes of the answer.
fn ask(address: &str) -> i32 {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(&[0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 0xff, 0xff])
        .unwrap();
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    i32::from_be_bytes(length)
}

#[test]
fn it_says_where_it_listens_logs_requests_and_ends_in_an_orderly_way() {
    let mut program = Running(
        Command::new(PROGRAM)
            .args(["--listen", "127.0.0.1:0", "--nodes", "2", "--topic", "t:3"])
            .env("RUST_LOG", "debug")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut said = BufReader::new(program.0.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let addresses = line.trim_end().strip_prefix("listening on ").unwrap();
    let addresses: Vec<&str> = addresses.split(',').collect();
    assert_eq!(addresses.len(), 2);
    for address in &addresses {
        assert!(ask(address) > 100);
    }
    let killed = Command::new("kill")
        .arg(program.0.id().to_string())
        .status();
    assert!(killed.unwrap().success());
    assert!(program.0.wait().unwrap().success());
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "stopped\n");
    let mut log = String::new();
    let mut stderr = program.0.stderr.take().unwrap();
    stderr.read_to_string(&mut log).unwrap();
    assert!(log.contains("node 1 ApiVersions (18) v0 #7"), "{log}");
    assert!(log.contains("node 2 ApiVersions (18) v0 #7"), "{log}");
}

#[test]
fn a_bad_option_is_named() {
    let output = Command::new(PROGRAM)
        .args(["--topic", "t"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with("libkafka-testbroker: "), "{said}");
    let output = Command::new(PROGRAM).args(["--help"]).output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("--sasl USER:PASSWORD"));
}

#[test]
fn a_command_runs_with_a_broker_of_its_own() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/with_broker.sh");
    let output = Command::new("sh")
        .arg(script)
        .args(["sh", "-c", "echo $KAFKA_BOOTSTRAP"])
        .env("TESTBROKER", PROGRAM)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let address = String::from_utf8(output.stdout).unwrap();
    let address = address.trim_end();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    // It ended with the command.
    assert!(TcpStream::connect(address).is_err());
}
