//! A broker comes up, answers, and never outlives its owner.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use libkafka_testkafka::{Kafka, Listener, require};

/// Set in the copy of this program that [`a_broker_ends_when_its_process_is_killed`] kills.
const VICTIM: &str = "LIBKAFKA_TESTKAFKA_VICTIM";

#[test]
fn a_broker_answers_api_versions() {
    require!();
    let address = Kafka::shared().address(1, Listener::Plaintext);
    let mut stream = TcpStream::connect(address).unwrap();
    // ApiVersions v0, correlation id 7, no client id.
    stream
        .write_all(&[0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 0xff, 0xff])
        .unwrap();
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut answer = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut answer).unwrap();

    let (correlation_id, error, apis) = (&answer[..4], &answer[4..6], &answer[6..10]);
    assert_eq!(correlation_id, [0, 0, 0, 7]);
    assert_eq!(error, [0, 0]);
    let apis = i32::from_be_bytes(apis.try_into().unwrap());
    assert!(apis > 50, "Kafka 4.4.0 has more than {apis} APIs");
    assert_eq!(answer.len(), 10 + 6 * apis as usize);
}

#[cfg(target_os = "linux")]
#[test]
fn a_paused_broker_has_no_thread_left_that_runs() {
    require!();
    let kafka = Kafka::shared();
    let tasks = format!("/proc/{}/task", kafka.pid(1));
    for _ in 0..20 {
        kafka.pause(1);
        for task in std::fs::read_dir(&tasks).unwrap() {
            let stat = std::fs::read_to_string(task.unwrap().path().join("stat")).unwrap();
            let (_, state) = stat.rsplit_once(')').unwrap();
            assert!(state.starts_with(" T"), "{stat}");
        }
        kafka.resume(1);
    }
}

#[test]
fn a_broker_ends_when_its_test_panics() {
    require!();
    let mut pid = 0;
    let panic = catch_unwind(AssertUnwindSafe(|| {
        let kafka = Kafka::start().unwrap();
        pid = kafka.pid(1);
        assert!(is_alive(pid));
        panic!("as a failing test would");
    }));
    assert_eq!(
        panic.unwrap_err().downcast_ref(),
        Some(&"as a failing test would")
    );
    assert!(!is_alive(pid));
}

#[test]
fn a_broker_ends_when_its_process_is_killed() {
    const THIS: &str = "lifecycle::a_broker_ends_when_its_process_is_killed";
    if std::env::var_os(VICTIM).is_some() {
        println!(
            "\npid {} folder {}",
            Kafka::shared().pid(1),
            Kafka::shared().folder().display()
        );
        // Until the kill; should the other side be gone, this ends too.
        let _ = std::io::stdin().read(&mut [0]);
        return;
    }
    require!();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", THIS, "--nocapture"])
        .env(VICTIM, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let said = lines
        .into_iter()
        .find_map(|line| line.strip_prefix("pid ").map(str::to_owned));
    let said = said.expect("the broker's pid");
    let (pid, folder) = said.split_once(" folder ").unwrap();
    let pid = pid.parse().unwrap();
    assert!(is_alive(pid));

    victim.kill().unwrap();
    victim.wait().unwrap();
    eventually("the broker is gone", || !is_alive(pid));
    eventually("its folder is gone", || {
        !std::path::Path::new(folder).exists()
    });
}

/// Whether a process runs; one that has ended and waits for its parent does not.
fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat
        .rsplit(") ")
        .next()
        .and_then(|rest| rest.chars().next());
    !matches!(state, None | Some('Z'))
}

fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < deadline, "not within a minute: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}
