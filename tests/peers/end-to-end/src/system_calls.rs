//! Which system calls a small call takes.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use peers_harness::Cluster;

use crate::task::{Kind, Task};
use crate::{candidates, command};

/// Prints, for each candidate, the system calls by which one more record that is produced by
/// itself comes to the broker and its acknowledgement back.
pub fn count() {
    const FEW: usize = 1000;
    const MANY: usize = 3000;
    let mut cluster = Cluster::kafka(1, 768, &[]);
    for (candidate, (name, _)) in candidates::ALL.iter().enumerate() {
        let mut calls = |records| {
            let task = Task {
                bootstrap: cluster.bootstrap.clone(),
                topic: cluster.topic(1, 1),
                kind: Kind::Single,
                size: 100,
                lz4: false,
                in_flight: 1,
                records,
            };
            traced(command(candidate, &task))
        };
        // What opening and closing take is in both.
        let (few, many) = (calls(FEW), calls(MANY));
        println!("\n{name}: system calls a record");
        for (call, count) in many {
            let more = count - few.get(&call).copied().unwrap_or(0.0);
            let each = more / (MANY - FEW) as f64;
            if each >= 0.005 {
                println!("  {call} {each:.2}");
            }
        }
    }
}

/// How often each system call was made, all threads together.
fn traced(command: Command) -> BTreeMap<String, f64> {
    let output = Command::new("strace")
        .args(["-f", "-c", "-U", "name,calls"])
        .arg(command.get_program())
        .args(command.get_args())
        .stdout(Stdio::null())
        .output()
        .expect("strace is installed");
    let summary = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{summary}");
    summary
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(call, count)| Some((call.to_owned(), count.trim().parse().ok()?)))
        .filter(|(call, _)| call != "total")
        .collect()
}
