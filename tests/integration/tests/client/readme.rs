//! The first program of the README on a fresh broker.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Duration;

use libkafka_client::batch::Builder;
use libkafka_client::protocol::ErrorCode;
use libkafka_client::{Client, Config, NewTopic, OffsetSpec, RetryPolicy};
use libkafka_integration::on_both;

const BEGIN: &str = "match client.create_topic";
const END: &str = "Ok(())";

/// What it prints of the records.
fn program(bootstrap: String) -> Result<Vec<String>, Box<dyn Error>> {
    let mut printed = Vec::new();
    macro_rules! println {
        ($($argument:tt)*) => {
            printed.push(format!($($argument)*))
        };
    }
    let mut client = Client::new(Config::new(bootstrap))?;
    match client.create_topic(NewTopic::new("orders")) {
        Err(error) if error.code() == Some(ErrorCode::TOPIC_ALREADY_EXISTS) => {}
        created => created?,
    }

    let mut builder = Builder::new();
    builder.add("order-1", "paid")?;
    builder.add("order-2", "shipped")?;
    let batch = builder.build_bytes()?;
    // It takes a moment until every broker knows a new topic.
    let patience = Duration::from_secs(10);
    let produced = RetryPolicy::new().run(patience, &mut client, |client| {
        client.producer("orders", 0)?.produce(batch.clone())
    })?;
    println!("at offset {:?}", produced.base_offset);

    let mut fetcher = client.fetcher("orders", 0)?;
    fetcher.seek_to(OffsetSpec::Earliest)?;
    for batch in fetcher.fetch()?.visible_batches() {
        for record in &batch?.records()? {
            let record = record?;
            let (key, value) = (record.key_text(), record.value_text());
            println!(
                "{}: {} = {}",
                record.offset,
                key.unwrap_or_default(),
                value.unwrap_or_default()
            );
        }
    }
    Ok(printed)
}

on_both! {
    fn the_first_program_of_the_readme_works_on_a_fresh_broker_and_again(cluster) {
        let first = program(cluster.bootstrap()).unwrap();
        let records = ["0: order-1 = paid", "1: order-2 = shipped"];
        assert_eq!(first[0], "at offset Some(0)");
        assert_eq!(first[1..], records);
        let again = program(cluster.bootstrap()).unwrap();
        assert_eq!(again[0], "at offset Some(2)");
        assert_eq!(again.len(), 5);
    }
}

#[test]
fn the_readmes_have_the_program_that_is_tried_here() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let part = |path: &str| {
        let text = fs::read_to_string(root.join(path)).unwrap();
        let begin = text.find(BEGIN).unwrap();
        let end = begin + text[begin..].find(END).unwrap();
        text[begin..end].split_whitespace().collect::<String>()
    };
    let tried = fs::read_to_string(root.join("tests/integration/tests/client/readme.rs")).unwrap();
    let (_, tried) = tried.split_once("let mut client").unwrap();
    let begin = tried.find(BEGIN).unwrap();
    let end = begin + tried[begin..].find("Ok(printed)").unwrap();
    let tried: String = tried[begin..end].split_whitespace().collect();
    assert_eq!(part("README.md"), tried);
    assert_eq!(part("libkafka-client/README.md"), tried);
}
