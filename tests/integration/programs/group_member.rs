//! A member of a group, until standard input ends; then it leaves. It writes down what it owns.
//!
//! `group-member BOOTSTRAP GROUP TOPIC NAME [KEY=VALUE]...`

use std::error::Error;
use std::io::{self, Stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use libkafka_client::assignor::{CooperativeSticky, Range, RoundRobin, Sticky};
use libkafka_client::membership::{
    Claim, ClassicOptions, ConsumerOptions, Event, LeaveOptions, Membership, Subscription,
};
use libkafka_client::{Client, Config};
use libkafka_history::{Kind, Recorder, TopicPartition};

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

/// What the member has said of its claims.
struct Diary {
    recorder: Recorder<Stdout>,
    claims: Vec<(Claim, u64)>,
    begun: u64,
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
    let mut member = Client::new(Config::new(bootstrap.as_str()))?.group_member(membership);
    let mut diary = Diary {
        recorder: Recorder::new(name.as_str(), io::stdout()),
        claims: Vec::new(),
        begun: 0,
    };
    let ended = Arc::new(AtomicBool::new(false));
    let listener = Arc::clone(&ended);
    thread::spawn(move || {
        // What is read does not matter; the end does.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        listener.store(true, Ordering::Release);
    });
    while !ended.load(Ordering::Acquire) {
        member.polled();
        match member.wait(Duration::from_millis(50))? {
            Some(Event::Assigned { claims }) => diary.begin(claims)?,
            Some(Event::Revoking { claims, .. }) => {
                diary.end(&claims, |claim| Kind::Released { claim })?;
                member.release(&claims);
            }
            Some(Event::Lost { claims, why }) => {
                let why = format!("{why:?}");
                diary.end(&claims, |claim| Kind::Lost {
                    claim,
                    why: why.clone(),
                })?;
            }
            Some(Event::Stopped { why }) => return Err(format!("it stopped: {why:?}").into()),
            _ => {}
        }
    }
    diary.recorder.record(Kind::Left)?;
    member.leave(LeaveOptions::default())?;
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

    fn of_consumer(&self) -> ConsumerOptions {
        let mut options = ConsumerOptions::default().session_timeout(self.session_timeout);
        options.instance_id.clone_from(&self.instance_id);
        match self.fallback {
            true => options.fallback(self.of_classic()),
            false => options.assignor(&self.assignor),
        }
    }
}

impl Diary {
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
