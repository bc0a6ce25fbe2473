//! The examples, as programs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use libkafka_client::batch::{Batch, Builder, partition_for_key};
use libkafka_client::{Client, Config, NewTopic};
use libkafka_testbroker::Broker;

/// A command of an example; `None` if this run has not built it, as with `--test`.
fn example(name: &str) -> Option<Command> {
    let tests = std::env::current_exe().unwrap();
    let target = tests.parent().unwrap().parent().unwrap();
    let example = target.join("examples").join(name);
    let example = example.with_extension(std::env::consts::EXE_EXTENSION);
    if !example.exists() {
        eprintln!("skipped: {} is not built", example.display());
    }
    example.exists().then(|| Command::new(example))
}

/// The standard output of an example that succeeds.
fn printed(mut example: Command, arguments: &[&str]) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = example.args(arguments).output().unwrap();
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{status}: {stderr}");
    String::from_utf8(stdout).unwrap()
}

/// The objects that it prints with `--json`.
fn objects(example: Command, arguments: &[&str]) -> Vec<serde_json::Value> {
    let printed = printed(example, &[arguments, &["--json"]].concat());
    let lines = printed.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The names of all examples.
fn names() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let examples = paths.filter(|path| path.is_file() || path.join("main.rs").exists());
    let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    examples.map(name).collect()
}

#[test]
fn every_example_says_how_to_use_it_how_to_see_its_log_and_how_it_ends() {
    for name in names() {
        let Some(example) = example(&name) else {
            continue;
        };
        let help = printed(example, &["--help"]);
        for part in [
            "Usage: ",
            "-h, --help",
            "RUST_LOG",
            "Ctrl-C",
            &format!("--example {name} "),
        ] {
            assert!(help.contains(part), "{name} does not say {part:?}:\n{help}");
        }
    }
}

#[test]
fn an_argument_that_an_example_does_not_know_is_refused() {
    let Some(mut example) = example("quickstart") else {
        return;
    };
    let output = example.args(["--record", "3"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("--record")
    );
}

#[test]
fn quickstart_finds_again_what_it_produced() {
    let Some(quickstart) = example("quickstart") else {
        return;
    };
    let figures = objects(quickstart, &["--records", "2500"]);
    let steps: Vec<_> = figures
        .iter()
        .map(|line| (&line["step"], &line["records"]))
        .collect();
    assert_eq!(
        steps,
        [
            (&"produce".into(), &2500.into()),
            (&"fetch".into(), &2500.into())
        ]
    );
}

#[test]
fn an_example_logs_what_rust_log_asks_for() {
    let Some(mut quickstart) = example("quickstart") else {
        return;
    };
    let quickstart = quickstart.args(["--records", "1"]);
    let output = quickstart
        .env("RUST_LOG", "libkafka_client=trace")
        .output()
        .unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("TRACE libkafka_client"), "{log}");
}

#[test]
fn idempotent_has_each_record_in_the_log_once_although_answers_are_lost() {
    let Some(idempotent) = example("idempotent") else {
        return;
    };
    let printed = objects(idempotent, &["--records", "3000"]);
    assert_eq!(printed[1]["records"], 3000);
    assert_eq!(printed[1]["in_log"], 3000);
    assert!(
        printed[1]["answers_lost"].as_u64().unwrap() >= 3,
        "{printed:?}"
    );
}

#[test]
fn own_message_asks_and_is_answered() {
    let Some(all) = example("own_message") else {
        return;
    };
    assert_eq!(objects(all, &[]).len(), 3);
    let Some(of_grace) = example("own_message") else {
        return;
    };
    assert_eq!(
        printed(of_grace, &["--user", "grace"]),
        "deed\ngrace deleted it\n"
    );
}

#[test]
fn admin_lists_and_changes_topics_configs_and_groups() {
    let broker = Broker::builder().nodes(2).start().unwrap();
    let bootstrap = broker.bootstrap();
    let run = |arguments: &[&str]| {
        let arguments = [&["--bootstrap", &bootstrap], arguments].concat();
        Some(objects(example("admin")?, &arguments))
    };
    let Some(created) = run(&["create", "orders", "2"]) else {
        return;
    };
    assert!(created.is_empty());
    run(&["grow", "orders", "3"]);
    let topics = run(&["topics"]).unwrap();
    assert_eq!(
        (&topics[0]["topic"], &topics[0]["partitions"]),
        (&"orders".into(), &3.into())
    );

    let retention = || {
        let mut configs = run(&["configs", "orders"]).unwrap();
        configs.retain(|config| config["config"] == "retention.ms");
        (
            configs[0]["value"].clone(),
            configs[0]["is_default"] == true,
        )
    };
    run(&["set", "orders", "retention.ms", "60000"]);
    assert_eq!(retention(), ("60000".into(), false));
    run(&["unset", "orders", "retention.ms"]);
    assert!(retention().1);

    let client = Client::new(Config::new(&bootstrap)).unwrap();
    let mut member = client.group("billing");
    member.join(&[("none", Default::default())]).unwrap();
    assert_eq!(run(&["groups"]).unwrap()[0]["group"], "billing");
    let members = run(&["group", "billing"]).unwrap();
    assert_eq!(members[0]["member"], member.member_id());

    run(&["delete", "orders"]);
    // What is left is Kafka's own topic of offsets.
    let topics = run(&["topics"]).unwrap();
    assert!(
        topics.iter().all(|topic| topic["topic"] != "orders"),
        "{topics:?}"
    );
}

#[test]
fn tail_prints_the_records_of_all_partitions() {
    let Some(tail) = example("tail") else { return };
    let broker = Broker::builder().nodes(3).topic("t", 6).start().unwrap();
    let mut client = Client::new(Config::new(broker.bootstrap())).unwrap();
    for partition in 0..6 {
        broker.move_leader("t", partition, partition % 3 + 1);
        produce(&mut client, "t", partition, &format!("value {partition}"));
    }
    let bootstrap = broker.bootstrap();
    let printed = printed(tail, &["--from-beginning", "--count", "6", &bootstrap, "t"]);
    let mut lines: Vec<_> = printed.lines().collect();
    lines.sort_unstable();
    let expected: Vec<_> = (0..6).map(|n| format!("t-{n} 0: value {n}")).collect();
    assert_eq!(lines, expected);
}

#[test]
fn produce_lines_puts_each_line_where_its_key_belongs() {
    use std::io::Write;
    use std::process::Stdio;

    let Some(mut produce_lines) = example("produce_lines") else {
        return;
    };
    let broker = Broker::builder().nodes(3).topic("t", 6).start().unwrap();
    let lines: Vec<String> = (0..1000)
        .map(|n| format!("key-{}\t{n:04}", n % 20))
        .collect();
    let mut running = produce_lines
        .args(["--json", &broker.bootstrap(), "t"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = running.stdin.take().unwrap();
    stdin
        .write_all((lines.join("\n") + "\n").as_bytes())
        .unwrap();
    drop(stdin);
    let output = running.wait_with_output().unwrap();
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    for line in printed.lines() {
        let of: serde_json::Value = serde_json::from_str(line).unwrap();
        let partition = of["partition"].as_i64().unwrap() as i32;
        assert_eq!(of["records"], broker.offsets("t", partition).end);
    }
    let mut found = Vec::new();
    for partition in 0..6 {
        let mut last = BTreeMap::new();
        for batch in broker.batches("t", partition) {
            for record in &Batch::parse(&batch).unwrap().records().unwrap() {
                let record = record.unwrap();
                let key = record.key.unwrap();
                assert_eq!(partition_for_key(key, 6), partition);
                let line = format!(
                    "{}\t{}",
                    record.key_text().unwrap(),
                    record.value_text().unwrap()
                );
                // Those of a key in their order.
                assert!(
                    last.insert(key.to_vec(), line.clone())
                        .is_none_or(|last| last < line)
                );
                found.push(line);
            }
        }
    }
    found.sort_unstable();
    let mut expected = lines;
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn group_worker_goes_on_where_the_one_before_it_was() {
    let broker = Broker::builder().nodes(3).topic("t", 2).start().unwrap();
    let bootstrap = broker.bootstrap();
    let mut client = Client::new(Config::new(&bootstrap)).unwrap();
    for value in ["a", "b", "c"] {
        produce(&mut client, "t", 0, value);
    }
    for (arguments, expected) in [
        (&["--classic", "--count", "2"][..], &["a", "b"][..]),
        (&["--count", "1"], &["c"]),
    ] {
        let Some(group_worker) = example("group_worker") else {
            return;
        };
        let arguments = [arguments, &[&bootstrap, "billing", "t"]].concat();
        let records = objects(group_worker, &arguments);
        let values = records.iter().filter_map(|record| record["value"].as_str());
        assert_eq!(values.collect::<Vec<_>>(), expected);
        assert!(records.iter().any(|record| record["event"].is_string()));
    }
    assert_eq!(broker.committed("billing", "t", 0), Some(3));
    assert!(broker.members("billing").is_empty());
}

#[test]
fn parallel_handles_all_partitions_and_commits_what_it_handled() {
    let Some(parallel) = example("parallel") else {
        return;
    };
    let broker = Broker::builder().nodes(3).topic("t", 4).start().unwrap();
    let bootstrap = broker.bootstrap();
    let mut client = Client::new(Config::new(&bootstrap)).unwrap();
    for partition in 0..4 {
        for value in ["a", "b", "c"] {
            produce(&mut client, "t", partition, value);
        }
    }
    let rows = objects(parallel, &["--count", "12", &bootstrap, "billing", "t"]);
    assert_eq!(rows.len(), 4);
    for (partition, row) in rows.iter().enumerate() {
        assert_eq!(row["partition"], format!("t-{partition}"));
        assert_eq!(row["records"], 3);
        let committed = broker.committed("billing", "t", partition as i32);
        assert_eq!(committed, Some(3));
    }
}

#[test]
fn mirror_copies_each_batch_once_though_it_is_started_twice() {
    let from = Broker::builder().nodes(2).topic("t", 2).start().unwrap();
    let to = Broker::builder().nodes(2).topic("t", 2).start().unwrap();
    let mut client = Client::new(Config::new(from.bootstrap())).unwrap();
    for round in ["first", "second"] {
        for partition in 0..2 {
            produce(&mut client, "t", partition, round);
        }
        let Some(mirror) = example("mirror") else {
            return;
        };
        let (from, to) = (from.bootstrap(), to.bootstrap());
        let rows = objects(mirror, &["--count", "2", &from, &to, "t"]);
        let copied: Vec<_> = rows.iter().map(|row| row["records"].clone()).collect();
        assert_eq!(copied, [1, 1]);
    }
    for partition in 0..2 {
        let copied = to.batches("t", partition);
        assert_eq!(copied.len(), 2);
        for (one, other) in from.batches("t", partition).iter().zip(&copied) {
            let records = |bytes| -> Vec<_> {
                let batch = Batch::parse(bytes).unwrap();
                let records = batch.records().unwrap();
                let values = records
                    .iter()
                    .map(|record| record.unwrap().value.unwrap().to_vec());
                values.collect()
            };
            assert_eq!(records(one), records(other));
        }
    }
    assert_eq!(from.committed("mirror", "t", 1), Some(2));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_an_example_that_waits() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let Some(mut tail) = example("tail") else {
        return;
    };
    let broker = Broker::start().unwrap();
    let bootstrap = broker.bootstrap();
    let mut client = Client::new(Config::new(&bootstrap)).unwrap();
    client
        .create_topic(NewTopic::new("t").partitions(1))
        .unwrap();
    produce(&mut client, "t", 0, "one");
    let tail = tail.args(["--from-beginning", &bootstrap, "t"]);
    let mut tail = tail.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(tail.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "t-0 0: one");
    let kill = Command::new("kill")
        .args(["-INT", &tail.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    assert!(lines.next().is_none());
    assert!(tail.wait().unwrap().success());
}

fn produce(client: &mut Client, topic: &str, partition: i32, value: &str) {
    let mut builder = Builder::new();
    builder.add("key", value).unwrap();
    let mut producer = client.producer(topic, partition).unwrap();
    producer.produce(builder.build_bytes().unwrap()).unwrap();
}
