//! The proxy as a program.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use libkafka_client::{Client, Config};
use libkafka_testbroker::Broker;

const PROGRAM: &str = env!("CARGO_BIN_EXE_libkafka-proxy");

#[test]
fn it_says_where_it_listens_renames_a_topic_and_ends_at_ctrl_c() {
    let broker = Broker::builder().topic("orders.v2", 1).start().unwrap();
    let mut program = Command::new(PROGRAM)
        .args(["--listen", "127.0.0.1:0", "--broker", &broker.bootstrap()])
        .args(["--rename", "orders=orders.v2"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let address = line.strip_prefix("listening on ").unwrap();
    let mut client = Client::new(Config::new(address)).unwrap();
    let topics = client.all_metadata().unwrap().topics;
    assert_eq!(topics[0].name.as_deref(), Some("orders"));
    let kill = Command::new("kill")
        .args(["-INT", &program.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    assert_eq!(lines.next().unwrap().unwrap(), "stopped");
    assert!(program.wait().unwrap().success());
}

#[test]
fn it_says_how_to_use_it_and_what_is_missing() {
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    let printed = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.status.success() && printed.contains("RUST_LOG"),
        "{printed}"
    );
    let without = Command::new(PROGRAM).output().unwrap();
    assert_eq!(without.status.code(), Some(2));
    assert!(
        String::from_utf8(without.stderr)
            .unwrap()
            .contains("--broker")
    );
}
