//! Kafka's own tools run against Kafka's own broker.

use std::time::{Duration, Instant};

use libkafka_testkafka::{Error, Kafka, Tool, require};

#[test]
fn what_the_console_producer_wrote_the_console_consumer_reads() {
    require!();
    let bootstrap = Kafka::shared().bootstrap();
    create_topic(&bootstrap, "console");
    Tool::console_producer(&bootstrap, "console")
        .args([
            "--reader-property",
            "parse.key=true",
            "--reader-property",
            "parse.headers=true",
        ])
        .args(["--reader-property", "null.marker=NULL"])
        .stdin("h:x\tkey\tvalue\nNULL\tkey\tNULL\n")
        .run()
        .unwrap();
    let read = Tool::console_consumer(&bootstrap, "console")
        .args(["--from-beginning", "--max-messages", "2"])
        .args(["--formatter-property", "print.key=true"])
        .args(["--formatter-property", "print.headers=true"])
        .run()
        .unwrap();
    assert_eq!(read.lines(), ["h:x\tkey\tvalue", "NO_HEADERS\tkey\tnull"]);
}

#[test]
fn a_tool_that_fails_says_why() {
    require!();
    let error = Tool::new("org.apache.kafka.tools.TopicCommand")
        .arg("--no-such-option")
        .run()
        .unwrap_err();
    assert!(
        matches!(&error, Error::Ended { output, .. } if output.contains("no-such-option")),
        "{error}"
    );
}

#[test]
fn a_tool_that_does_not_end_is_ended_at_the_deadline() {
    require!();
    // With nobody there it would try for minutes.
    let start = Instant::now();
    let error = Tool::console_consumer("127.0.0.1:1", "none")
        .deadline(Duration::from_secs(1))
        .run()
        .unwrap_err();
    assert!(matches!(error, Error::Deadline { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(30));
}

fn create_topic(bootstrap: &str, topic: &str) {
    Tool::new("org.apache.kafka.tools.TopicCommand")
        .args([
            "--bootstrap-server",
            bootstrap,
            "--create",
            "--topic",
            topic,
        ])
        .run()
        .unwrap();
}
