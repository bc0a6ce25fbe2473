//! A member of a group that reads a topic, until standard input ends; then it leaves. It writes down
//! what it owns, reads and commits.
//!
//! `group-member BOOTSTRAP GROUP TOPIC NAME [KEY=VALUE]...`

use std::error::Error;
use std::io::{self, Stdout};
use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::assignor::{CooperativeSticky, Range, RoundRobin, Sticky};
use libkafka_client::membership::{self, Claim, ClassicOptions, Membership, Subscription};
use libkafka_client::{ClaimedBatch, Client, Commits, Config, Consumer, ConsumerOptions, Polled};
use libkafka_history::{Kind, Outcome, Recorder, TopicPartition};
use libkafka_integration::strangers::value;

/// How long what is handled may wait to be committed.
const COMMIT_INTERVAL: Duration = Duration::from_millis(200);
/// How long a commit may take, and to leave.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the member takes part.
#[derive(Default)]
struct Settings {
    /// KIP-848 rather than the classic protocol.
    consumer: bool,
    /// KIP-848 if the broker has it, and else the classic protocol.
    fallback: bool,
    assignor: String,
    instance_id: Option<String>,
    session_timeout: Duration,
}

/// The member, and what it has said of its claims.
struct Member {
    consumer: Consumer,
    recorder: Recorder<Stdout>,
    claims: Vec<(Claim, u64)>,
    begun: u64,
    committed: Instant,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [bootstrap, group, topic, name, settings @ ..] = &arguments[..] else {
        return Err("BOOTSTRAP GROUP TOPIC NAME [KEY=VALUE]...".into());
    };
    let settings = Settings::read(settings)?;
    let subscription = Subscription::topics([topic.as_str()]);
    let membership = match settings.consumer {
        true => Membership::consumer(group, name, subscription, settings.of_consumer()),
        false => Membership::classic(group, subscription, settings.of_classic()),
    };
    let client = Client::new(Config::new(bootstrap.as_str()))?;
    // By hand, so that each commit can be written down before it is sent.
    let options = ConsumerOptions::new().commits(Commits::ByHand);
    let consumer = client.consumer(membership, options)?;
    let stop = consumer.stopper();
    thread::spawn(move || {
        // What is read does not matter; the end does.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        stop.stop();
    });
    let mut member = Member {
        consumer,
        recorder: Recorder::new(name.as_str(), io::stdout()),
        claims: Vec::new(),
        begun: 0,
        committed: Instant::now(),
    };
    member.run()?;
    member.commit(PATIENCE)?;
    // Whoever could not commit because its session was over does not leave in good order.
    member.lose_what_ended()?;
    member.recorder.record(Kind::Left)?;
    member.consumer.close(PATIENCE)?;
    Ok(())
}

impl Settings {
    fn read(pairs: &[String]) -> Result<Self, Box<dyn Error>> {
        let mut settings = Self {
            session_timeout: Duration::from_secs(45),
            ..Self::default()
        };
        for pair in pairs {
            let (key, value) = pair.split_once('=').ok_or("KEY=VALUE is wanted")?;
            match key {
                "group.protocol" => {
                    settings.consumer = value != "classic";
                    settings.fallback = value == "either";
                }
                "assignor" => settings.assignor = value.to_owned(),
                "group.instance.id" => settings.instance_id = Some(value.to_owned()),
                "session.timeout.ms" => {
                    settings.session_timeout = Duration::from_millis(value.parse()?);
                }
                _ => return Err(format!("no such setting: {key}").into()),
            }
        }
        Ok(settings)
    }

    fn of_classic(&self) -> ClassicOptions {
        let mut options = ClassicOptions::default()
            .session_timeout(self.session_timeout)
            .heartbeat_interval(self.session_timeout / 8)
            .metadata_interval(Duration::from_secs(1));
        options.instance_id.clone_from(&self.instance_id);
        match self.assignor.as_str() {
            "roundrobin" => options.assignor(RoundRobin),
            "sticky" => options.assignor(Sticky),
            "cooperative-sticky" => options.assignor(CooperativeSticky),
            _ => options.assignor(Range),
        }
    }

    fn of_consumer(&self) -> membership::ConsumerOptions {
        let mut options =
            membership::ConsumerOptions::default().session_timeout(self.session_timeout);
        options.instance_id.clone_from(&self.instance_id);
        match self.fallback {
            true => options.fallback(self.of_classic()),
            false => options.assignor(&self.assignor),
        }
    }
}

impl Member {
    /// Takes part until standard input ends.
    fn run(&mut self) -> Result<(), Box<dyn Error>> {
        loop {
            match self.consumer.poll(Duration::from_millis(50))? {
                Polled::Records(batch) => self.handle(&batch)?,
                Polled::Assigned { claims } => self.begin(claims)?,
                Polled::Revoking { claims, by } => {
                    let left = by.saturating_duration_since(Instant::now());
                    self.commit(left.min(PATIENCE))?;
                    // The next poll gives them up.
                    self.end(&claims, |claim| Kind::Released { claim })?;
                }
                Polled::Lost { claims, why } => {
                    let why = format!("{why:?}");
                    self.end(&claims, |claim| Kind::Lost {
                        claim,
                        why: why.clone(),
                    })?;
                }
                Polled::Trouble { claim, error, .. } => {
                    eprintln!("{}: {error}", claim.partition());
                }
                Polled::Stopped { why: None } => return Ok(()),
                Polled::Stopped { why } => return Err(format!("it stopped: {why:?}").into()),
                _ => {}
            }
            if self.committed.elapsed() > COMMIT_INTERVAL {
                self.commit(PATIENCE)?;
            }
        }
    }

    fn handle(&mut self, batch: &ClaimedBatch) -> Result<(), Box<dyn Error>> {
        let Some(claim) = self.number(batch.claim()) else {
            return Err(format!("{batch:?} is of no claim").into());
        };
        let mut records = Vec::new();
        for record in &batch.records()? {
            let record = record?;
            let value = value(&record).ok_or("a record that does not say what it is")?;
            records.push((record.offset, value));
        }
        let (from, next) = (batch.span().first_offset, batch.span().next_offset);
        self.recorder.record(Kind::Polled {
            claim,
            from,
            records: Some(records),
            next,
        })?;
        let upto = next;
        self.recorder.record(Kind::Handled { claim, from, upto })?;
        batch.handled();
        Ok(())
    }

    /// Commits what is handled. What cannot be committed now is no error.
    fn commit(&mut self, wait: Duration) -> io::Result<()> {
        self.committed = Instant::now();
        let due = self.consumer.claims().filter_map(|status| {
            let offset = status
                .handled
                .filter(|_| status.handled != status.committed)?;
            let claim = self.number(&status.claim)?;
            Some((claim, status.claim.partition().clone(), offset))
        });
        let due: Vec<_> = due.collect();
        if due.is_empty() {
            return Ok(());
        }
        for (claim, _, offset) in &due {
            let (claim, offset) = (*claim, *offset);
            self.recorder.record(Kind::Commit { claim, offset })?;
        }
        let results = self.consumer.commit(wait);
        if let Err(error) = &results {
            eprintln!("commit: {error}");
        }
        for (claim, at, offset) in due {
            let result = results.as_ref().ok();
            let outcome = match result.and_then(|all| all.get(&at.topic, at.partition)) {
                Some(Ok(())) => Outcome::Ok,
                Some(Err(error)) => {
                    eprintln!("commit of {at}: {error}");
                    Outcome::Info
                }
                None => Outcome::Info,
            };
            self.recorder.record(Kind::Committed {
                claim,
                offset,
                outcome,
            })?;
        }
        Ok(())
    }

    fn lose_what_ended(&mut self) -> io::Result<()> {
        let ended = self.claims.iter().filter(|(claim, _)| claim.is_ended());
        let ended: Vec<Claim> = ended.map(|(claim, _)| claim.clone()).collect();
        let why = "while it left".to_owned();
        self.end(&ended, |claim| Kind::Lost {
            claim,
            why: why.clone(),
        })
    }

    fn number(&self, claim: &Claim) -> Option<u64> {
        let mut claims = self.claims.iter();
        let found = claims.find(|(known, _)| known == claim);
        found.map(|(_, number)| *number)
    }

    fn begin(&mut self, claims: Vec<Claim>) -> io::Result<()> {
        for claim in claims {
            self.begun += 1;
            let partition = claim.partition();
            self.recorder.record(Kind::Assigned {
                claim: self.begun,
                partition: TopicPartition::new(&*partition.topic, partition.partition),
                start: None,
            })?;
            self.claims.push((claim, self.begun));
        }
        Ok(())
    }

    fn end(&mut self, claims: &[Claim], kind: impl Fn(u64) -> Kind) -> io::Result<()> {
        for claim in claims {
            if let Some(place) = self.claims.iter().position(|(known, _)| known == claim) {
                let (_, number) = self.claims.swap_remove(place);
                self.recorder.record(kind(number))?;
            }
        }
        Ok(())
    }
}
