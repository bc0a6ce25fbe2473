//! Lines of other programs, in the form in which the classes of kafka-tools write them.

use libkafka_history::{
    Check, Error, History, Kind, Lines, Outcome, Report, Rules, TopicPartition,
};

const PRODUCER: &str = r#"
{"timestamp":1000,"name":"startup_complete"}
{"timestamp":1010,"name":"producer_send_success","key":null,"value":"0.0","topic":"t","partition":0,"offset":0}
{"timestamp":1011,"name":"producer_send_success","key":"k","value":"0.1","offset":1,"topic":"t","partition":0}
{"timestamp":1012,"name":"producer_send_error","topic":"t","key":null,"value":"0.2","exception":"class org.apache.kafka.common.errors.TimeoutException","message":"expired"}
{"timestamp":1013,"name":"shutdown_complete"}
{"timestamp":1014,"name":"tool_data","sent":3,"acked":2,"target_throughput":-1,"avg_throughput":5.2}
"#;

const CONSUMER: &str = r#"
{"timestamp":1100,"name":"startup_complete"}
[2026-11-26 17:00:00,000] WARN something (org.apache.kafka.clients.NetworkClient)
{"timestamp":1200,"name":"partitions_assigned","partitions":[{"topic":"t","partition":0},{"topic":"t","partition":1}]}
{"timestamp":1300,"name":"record_data","key":null,"value":"0.0","topic":"t","partition":0,"offset":0}
{"timestamp":1300,"name":"record_data","key":"k","value":"0.1","topic":"t","partition":0,"offset":1}
{"timestamp":1301,"name":"records_consumed","count":2,"partitions":[{"topic":"t","partition":0,"count":2,"minOffset":0,"maxOffset":1}]}
{"timestamp":1302,"name":"offsets_committed","offsets":[{"topic":"t","partition":0,"offset":2}],"success":true}
{"timestamp":1400,"name":"partitions_revoked","partitions":[{"topic":"t","partition":0},{"topic":"t","partition":1}]}
{"timestamp":1401,"name":"shutdown_complete"}
{"timestamp":1402,"name":"records_con"#;

fn history(consumer: &str) -> History {
    let mut history = History::default();
    history
        .read_verifiable("producer", PRODUCER.as_bytes())
        .unwrap();
    history
        .read_verifiable("consumer", consumer.as_bytes())
        .unwrap();
    history
}

#[test]
fn what_kafkas_verifiable_clients_print_is_a_history() {
    let history = history(CONSUMER);
    let partition = TopicPartition::new("t", 0);
    let kinds: Vec<&Kind> = history.events().iter().map(|event| &event.kind).collect();
    assert!(matches!(
        kinds[2],
        Kind::Sent {
            outcome: Outcome::Info,
            place: None,
            ..
        }
    ));
    assert!(
        matches!(kinds[3], Kind::Assigned { partition: p, start: None, .. } if *p == partition)
    );
    assert!(
        matches!(kinds[5], Kind::Polled { records: Some(r), from: 0, next: 2, .. } if r.len() == 2)
    );
    assert_eq!(Report::of(&history, &Rules::default()).anomalies(), []);
}

#[test]
fn anomalies_of_kafkas_verifiable_clients_are_found() {
    let ahead = history(&CONSUMER.replace("\"offset\":2}]", "\"offset\":3}]"));
    let lacking = history(
        &CONSUMER
            .replace("\"minOffset\":0,", "\"minOffset\":1,")
            .replace(
                r#"{"timestamp":1300,"name":"record_data","key":null"#,
                r#"{"timestamp":1300,"name":"nothing","key":null"#,
            ),
    );
    for (history, expected) in [(ahead, Check::CommitAhead), (lacking, Check::Lost)] {
        let report = Report::of(&history, &Rules::default());
        let checks: Vec<Check> = report.anomalies().iter().map(|a| a.check).collect();
        assert_eq!(checks, [expected]);
        assert!(report.to_string().contains(expected.name()));
    }
}

#[test]
fn a_line_that_makes_no_sense_is_named() {
    for (lines, expected) in [
        (
            "\n{\"t\":1,\"process\":\"p\",\"kind\":\"fly\"}\n",
            "line 2: no such kind: fly",
        ),
        (
            "{\"t\":1,\"process\":\"p\",\"kind\":\"released\"}\n",
            "line 1: no claim",
        ),
        (
            "{\"t\":-1,\"process\":\"p\",\"kind\":\"left\"}\n",
            "line 1: t is not a number that fits",
        ),
        (
            "{\"t\":1\n",
            "line 1: EOF while parsing an object at line 2 column 0",
        ),
    ] {
        let error: Error = History::default().read(lines.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_verifiable_consumer_that_was_killed_may_have_committed_what_it_had_got() {
    let committed = CONSUMER.find(r#"{"timestamp":1302"#).unwrap();
    let history = history(&CONSUMER[..committed]);
    let last = &history.events().last().unwrap().kind;
    assert!(matches!(last, Kind::Commit { offset: 2, .. }), "{last:?}");
}

#[test]
fn lines_that_come_piece_by_piece_make_the_same_events() {
    let mut lines = Lines::verifiable("consumer");
    let pieces = CONSUMER.split_inclusive('\n');
    let events: Vec<_> = pieces
        .flat_map(|piece| lines.read(piece.as_bytes()).unwrap())
        .collect();
    let mut whole = History::default();
    whole
        .read_verifiable("consumer", CONSUMER.as_bytes())
        .unwrap();
    assert_eq!(events, whole.events());
}
