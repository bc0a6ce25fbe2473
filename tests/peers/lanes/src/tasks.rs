//! What the measured process does: one task, whose figures it prints as `name=number` on a line.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use libkafka_client::protocol::ApiKey;
use libkafka_client::{
    Acks, Client, Config, Deadline, FetchOptions, OffsetSpec, ProduceLaneOptions, ProducerOptions,
};
use peers_harness::{Meter, memory};

use crate::fetcher::{Lanes, MAX_WAIT, read};
use crate::load::{Loader, batch, now_us};
use crate::meter::{Count, sockets};

const LONG: Duration = Duration::from_secs(120);

struct Task<'a> {
    client: Client,
    count: Arc<Count>,
    topic: &'a str,
    numbers: Vec<usize>,
}

pub(crate) fn run(arguments: &[String]) {
    let [name, bootstrap, topic, numbers @ ..] = arguments else {
        panic!("a task, where, and what");
    };
    let count = Arc::new(Count::default());
    let config = Config::new(bootstrap).observer(Arc::clone(&count) as _);
    let task = Task {
        client: Client::new(config).expect("a client"),
        count,
        topic,
        numbers: numbers
            .iter()
            .map(|n| n.parse().expect("a number"))
            .collect(),
    };
    let figures = match name.as_str() {
        "idle" => task.idle(),
        "memory" => task.memory(),
        "start" => task.start(),
        "sweep" => task.sweep(),
        "quiet" => task.quiet(),
        "produce" => task.produce(),
        "produce-lane" => task.produce_lane(),
        "produce-single" => task.produce_single(),
        "fetch-lane" => task.fetch_lane(),
        "fetch-single" => task.fetch_single(),
        other => panic!("no task {other}"),
    };
    let figures: Vec<String> = figures
        .iter()
        .map(|(name, n)| format!("{name}={n}"))
        .collect();
    println!("{}", figures.join(" "));
}

type Figures = Vec<(&'static str, f64)>;

impl Task<'_> {
    fn number(&self, i: usize) -> usize {
        self.numbers[i]
    }

    /// Fetches from the end of every partition for some seconds, when nothing comes.
    fn idle(mut self) -> Figures {
        let mut lanes = Lanes::open(&mut self.client, self.topic, Some(OffsetSpec::Latest));
        // What was connected for metadata is not needed any more.
        drop(self.client);
        lanes.run(Deadline::after(2 * MAX_WAIT), |_, _| false);
        let requests = self.count.of(ApiKey::FETCH);
        let meter = Meter::start();
        lanes.run(
            Deadline::after(Duration::from_secs(self.numbers[0] as u64)),
            |_, _| false,
        );
        let seconds = meter.elapsed().as_secs_f64();
        let requests = self.count.of(ApiKey::FETCH) - requests;
        vec![
            ("sockets", sockets() as f64),
            ("requests_s", requests as f64 / seconds),
            ("cpu_percent", meter.cpu().as_secs_f64() / seconds * 100.0),
            ("rss_kib", memory("VmRSS:") as f64),
        ]
    }

    /// Reads everything, every partition having been busy once, and is idle then.
    fn memory(mut self) -> Figures {
        let mut lanes = Lanes::open(&mut self.client, self.topic, None);
        drop(self.client);
        let (mut records, all) = (0, self.numbers[0]);
        lanes.run(Deadline::after(LONG), |_, fetched| {
            records += fetched.map_or(0, read);
            records >= all
        });
        assert!(records >= all, "{records} of {all}");
        lanes.run(Deadline::after(Duration::from_secs(12)), |_, _| false);
        vec![
            ("peak_kib", memory("VmHWM:") as f64),
            ("rss_kib", memory("VmRSS:") as f64),
        ]
    }

    /// From nothing until every lane has its first request on the way.
    fn start(mut self) -> Figures {
        let meter = Meter::start();
        let mut lanes = Lanes::open(&mut self.client, self.topic, None);
        lanes.begin();
        vec![
            ("cpu_ms", meter.cpu().as_secs_f64() * 1e3),
            ("ms", meter.elapsed().as_secs_f64() * 1e3),
            ("metadata", self.count.of(ApiKey::METADATA) as f64),
        ]
    }

    /// Reads one record of each partition.
    fn sweep(mut self) -> Figures {
        let partitions = self.number(0);
        let meter = Meter::start();
        let mut lanes = Lanes::open(&mut self.client, self.topic, None);
        let mut seen = HashSet::new();
        lanes.run(Deadline::after(LONG), |partition, fetched| {
            if fetched.map_or(0, read) > 0 {
                seen.insert(partition.partition);
            }
            seen.len() == partitions
        });
        assert_eq!(seen.len(), partitions);
        vec![
            ("fetches", self.count.of(ApiKey::FETCH) as f64),
            ("ms", meter.elapsed().as_secs_f64() * 1e3),
        ]
    }

    /// The delay of records in quiet partitions while partition 0 is busy. A record of a quiet
    /// partition is the time at which it was sent.
    fn quiet(mut self) -> Figures {
        let wanted = self.number(0);
        let mut lanes = Lanes::open(&mut self.client, self.topic, None);
        lanes.begin();
        println!("ready");
        let mut delays = Vec::new();
        let mut busy = 0_usize;
        lanes.run(Deadline::after(LONG), |partition, fetched| {
            let Some(fetched) = fetched else { return false };
            if partition.partition == 0 {
                busy += fetched.records.len();
                return false;
            }
            for batch in fetched.batches() {
                let batch = batch.expect("a sound batch");
                for record in &batch.records().expect("sound records") {
                    let value = record.expect("a sound record").value.expect("a value");
                    let sent = i64::from_be_bytes(value.try_into().expect("8 bytes"));
                    delays.push(now_us() - sent);
                }
            }
            delays.len() >= wanted
        });
        assert!(delays.len() >= wanted, "{} of {wanted}", delays.len());
        delays.sort_unstable();
        vec![
            ("p50_ms", delays[delays.len() / 2] as f64 / 1e3),
            ("p99_ms", delays[delays.len() * 99 / 100] as f64 / 1e3),
            ("busy_mb", busy as f64 / 1e6),
        ]
    }

    /// Batches of one record each, so many to a request, one request at a time.
    fn produce(mut self) -> Figures {
        let (batches, together) = (self.number(0), self.number(1));
        let bytes = batch(1, 100);
        let options = ProduceLaneOptions::new()
            .acks(Acks::Leader)
            .max_in_flight(1);
        let mut loader = Loader::new(&mut self.client, self.topic, options);
        let round = |loader: &mut Loader| {
            for partition in 0..together {
                loader.push(partition as i32, bytes.clone());
            }
            loader.finish();
        };
        for _ in 0..100 {
            round(&mut loader);
        }
        let meter = Meter::start();
        for _ in 0..batches / together {
            round(&mut loader);
        }
        vec![("ns_batch", meter.cpu().as_secs_f64() * 1e9 / batches as f64)]
    }

    fn produce_lane(mut self) -> Figures {
        let (batches, bytes) = (self.number(0), batch(600, 100));
        let options = ProduceLaneOptions::new()
            .acks(Acks::Leader)
            .max_in_flight(1);
        let mut loader = Loader::new(&mut self.client, self.topic, options);
        let mut one = || {
            loader.push(0, bytes.clone());
            loader.finish();
        };
        (0..100).for_each(|_| one());
        let meter = Meter::start();
        (0..batches).for_each(|_| one());
        vec![("ns_batch", meter.cpu().as_secs_f64() * 1e9 / batches as f64)]
    }

    fn produce_single(mut self) -> Figures {
        let (batches, bytes) = (self.number(0), batch(600, 100));
        let options = ProducerOptions::new().acks(Acks::Leader);
        let producer = self.client.producer_with(self.topic, 0, options);
        let mut producer = producer.expect("a leader");
        let mut one = || {
            producer.produce(bytes.clone()).expect("it is stored");
        };
        (0..100).for_each(|_| one());
        let meter = Meter::start();
        (0..batches).for_each(|_| one());
        vec![("ns_batch", meter.cpu().as_secs_f64() * 1e9 / batches as f64)]
    }

    fn fetch_lane(mut self) -> Figures {
        let all = self.number(0);
        let mut lanes = Lanes::open(&mut self.client, self.topic, None);
        let meter = Meter::start();
        let mut records = 0;
        lanes.run(Deadline::after(LONG), |_, fetched| {
            records += fetched.map_or(0, read);
            records >= all
        });
        vec![(
            "ns_record",
            meter.cpu().as_secs_f64() * 1e9 / records as f64,
        )]
    }

    fn fetch_single(mut self) -> Figures {
        let all = self.number(0);
        let options = FetchOptions::new().max_wait(MAX_WAIT);
        let fetcher = self.client.fetcher_with(self.topic, 0, options);
        let mut fetcher = fetcher.expect("a leader");
        let meter = Meter::start();
        let mut records = 0;
        while records < all {
            let fetched = fetcher.fetch().expect("records");
            records += read(&fetched);
            let last = fetched.batches().filter_map(Result::ok).last();
            if let Some(batch) = last {
                fetcher.seek(batch.header.next_offset());
            }
        }
        vec![(
            "ns_record",
            meter.cpu().as_secs_f64() * 1e9 / records as f64,
        )]
    }
}
