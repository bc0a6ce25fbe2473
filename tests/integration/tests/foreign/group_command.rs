//! Kafka's tool for groups.

use libkafka_client::Commit;
use libkafka_integration::batch;

use crate::cluster::Cluster;
use crate::commands::command;
use crate::member::{Member, listen_until};
use crate::on_each;
use crate::programs;

const GROUPS: &str = "consumer.group.ConsumerGroupCommand";

/// What the tool says, with one space between words and without titles and empty lines.
#[track_caller]
fn rows(cluster: &Cluster, args: &[&str]) -> Vec<String> {
    let lines = command(cluster, GROUPS, args).into_iter();
    lines
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|row| !["", "GROUP", "TOPIC"].contains(&row.split(' ').next().unwrap_or_default()))
        .collect()
}

/// Makes a topic of two partitions with three records each.
fn produce(cluster: &Cluster, topic: &str) {
    cluster.topic(topic, 2);
    let mut client = cluster.client();
    for partition in 0..2 {
        let mut producer = client.producer(topic, partition).unwrap();
        producer.produce(batch(&["a", "b", "c"])).unwrap();
    }
}

/// Describes a group while it has a member, whose id it gives, and when that has left.
fn describe(cluster: &Cluster, group: &str, protocol: &str) -> String {
    produce(cluster, group);
    let member = programs::java("Member")
        .args([&cluster.bootstrap(), group, group])
        .args(["client.id=reader", &format!("group.protocol={protocol}")]);
    let describe = |what| rows(cluster, &["--describe", "--group", group, what]);
    let offsets = |member: &str| {
        let row = |partition| format!("{group} {group} {partition} 3 3 0 {member}");
        assert_eq!(describe("--offsets"), [row(0), row(1)]);
    };
    let state = |strategy: &str, state: &str, members: usize| {
        let described = describe("--state");
        let [row] = &described[..] else {
            panic!("{described:?}")
        };
        let words: Vec<&str> = row.split(' ').collect();
        let [address, id] = words[1..3] else {
            panic!("{row}")
        };
        assert!(
            cluster.has_node(id.trim_matches(['(', ')']), address),
            "{row}"
        );
        let members = &*members.to_string();
        assert_eq!(
            [&words[..1], &words[3..]].concat(),
            [group, strategy, state, members]
        );
    };
    let (strategy, strategy_of_none) = match protocol {
        "classic" => ("range", "-"),
        _ => ("uniform", "uniform"),
    };

    let mut members = vec![Member::start(&member)];
    listen_until("it reads", &mut members, |members| {
        members[0].read.len() == 6
    });
    let verbose = ["--describe", "--group", group, "--members", "--verbose"];
    let described = rows(cluster, &verbose);
    let id = described[0]
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let partitions = format!("{group}:0,1");
    // What it has, in its epoch, and what it is to have, in the group's.
    let epochs = match protocol {
        "classic" => format!("- {partitions} - -"),
        _ => format!("2 {partitions} 2 {partitions}"),
    };
    assert_eq!(
        described,
        [format!("{group} {id} /127.0.0.1 reader 2 {epochs}")]
    );
    offsets(&format!("{id} /127.0.0.1 reader"));
    state(strategy, "Stable", 1);

    members.remove(0).leave();
    assert!(describe("--members").is_empty());
    offsets("- - -");
    state(strategy_of_none, "Empty", 0);
    id
}

on_each! {
    fn a_classic_group_is_described(cluster) needs kafka {
        let member = describe(cluster, "described-classic", "classic");
        // The coordinator makes it of the client's id and a UUID in Java's form.
        let uuid = member.strip_prefix("reader-").unwrap_or_default();
        let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{member}");
    }

    fn a_group_of_kip_848_is_described(cluster) needs kafka {
        let member = describe(cluster, "described-consumer", "consumer");
        // The client makes it, in Kafka's form.
        assert_eq!(member.len(), 22, "{member}");
    }

    fn offsets_are_reset_and_deleted_and_so_is_the_group(cluster) needs kafka {
        let group = "reset";
        produce(cluster, group);
        let commit = |partition| Commit {
            topic: group,
            partition,
            offset: 3,
            ..Commit::default()
        };
        let commits = [commit(0), commit(1)];
        let committed = cluster.client().group(group).commit(&commits).unwrap();
        committed.into_result().unwrap();
        let tool = |what: &[&str]| rows(cluster, &[&["--group", group], what].concat());
        let reset = |what: [&str; 3]| tool(&[&["--reset-offsets"], &what[..]].concat());

        let to = reset(["--topic=reset:0", "--to-offset=2", "--execute"]);
        assert_eq!(to, ["reset reset 0 2"]);
        let shifted = reset(["--all-topics", "--shift-by=-1", "--execute"]);
        assert_eq!(shifted, ["reset reset 0 1", "reset reset 1 2"]);
        let dry = reset(["--all-topics", "--to-earliest", "--dry-run"]);
        assert_eq!(dry, ["reset reset 0 0", "reset reset 1 0"]);
        let left = ["reset reset 0 1 3 2 - - -", "reset reset 1 2 3 1 - - -"];
        assert_eq!(tool(&["--describe"]), left);

        let deleted = tool(&["--delete-offsets", "--topic=reset:0"]);
        assert_eq!(deleted.last().unwrap(), "reset 0 Successful");
        assert_eq!(tool(&["--describe"]), left[1..]);
        let listed = || rows(cluster, &["--list"]).contains(&group.to_owned());
        assert!(listed());
        let deleted = tool(&["--delete"]);
        assert_eq!(deleted, ["Deletion of requested consumer groups ('reset') was successful."]);
        assert!(!listed());
    }
}
