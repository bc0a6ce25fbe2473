//! Kafka's own console tools at the other end.

use libkafka_batch::{Builder, Header, Record};
use libkafka_testkafka::{Tool, require};

use crate::on_both;
use crate::topics::{client, create};

on_both! {
    fn what_we_produce_kafkas_console_consumer_reads(cluster) {
        // The tools want Java, whatever the broker.
        require!();
        let mut client = client(cluster);
        create(&mut client, "to-console", 1, &[]);
        let mut builder = Builder::new();
        let headers = [Header::new("h", "x"), Header::new("none", ())];
        builder
            .add_record(&Record {
                timestamp: 1_700_000_000_000,
                key: Some(b"key"),
                value: Some(b"value"),
                headers: (&headers).into(),
                ..Record::default()
            })
            .unwrap();
        builder.add((), ()).unwrap();
        builder.add("", "").unwrap();
        let mut producer = client.producer("to-console", 0).unwrap();
        producer.produce(builder.build_bytes().unwrap()).unwrap();

        let read = Tool::console_consumer(&cluster.bootstrap(), "to-console")
            .args(["--from-beginning", "--max-messages", "3"])
            .args(["--formatter-property", "print.key=true"])
            .args(["--formatter-property", "print.headers=true"])
            .args(["--formatter-property", "null.literal=NULL"])
            .run()
            .unwrap();
        assert_eq!(
            read.lines(),
            [
                "h:x,none:NULL\tkey\tvalue",
                "NO_HEADERS\tNULL\tNULL",
                "NO_HEADERS\t\t"
            ]
        );
    }

    fn what_kafkas_console_producer_wrote_we_read(cluster) {
        // The tools want Java, whatever the broker.
        require!();
        let mut client = client(cluster);
        create(&mut client, "from-console", 1, &[]);
        Tool::console_producer(&cluster.bootstrap(), "from-console")
            .args(["--reader-property", "parse.key=true"])
            .args(["--reader-property", "parse.headers=true"])
            .args(["--reader-property", "null.marker=NULL"])
            .stdin("h:x,i:y\tkey\tvalue\nNULL\tkey\tNULL\nNULL\tNULL\tvalue\n")
            .run()
            .unwrap();
        let mut fetcher = client.fetcher("from-console", 0).unwrap();
        let mut seen = Vec::new();
        let text = |bytes: Option<&[u8]>| bytes.map(|b| String::from_utf8(b.to_vec()).unwrap());
        while seen.len() < 3 {
            let fetched = fetcher.fetch().unwrap();
            for batch in fetched.batches() {
                let batch = batch.unwrap();
                for record in &batch.records().unwrap() {
                    let record = record.unwrap();
                    let headers: Vec<_> = record
                        .headers
                        .iter()
                        .map(|h| (h.key_str().unwrap().to_owned(), text(h.value)))
                        .collect();
                    seen.push((text(record.key), text(record.value), headers));
                }
                fetcher.seek(batch.next_offset());
            }
        }
        let some = |text: &str| Some(text.to_owned());
        let headers = vec![("h".into(), some("x")), ("i".into(), some("y"))];
        assert_eq!(
            seen,
            [
                (some("key"), some("value"), headers),
                (some("key"), None, vec![]),
                (None, some("value"), vec![]),
            ]
        );
    }
}
