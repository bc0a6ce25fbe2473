//! `Settings`: how the member takes part, reads and commits.

use std::time::Duration;

use libkafka_client::assignor::{CooperativeSticky, Range, RoundRobin, Sticky};
use libkafka_client::membership::{self, ClassicOptions};
use libkafka_client::{Commits, Config, ConsumerOptions, Plain};

use crate::Failure;

/// How long what is handled may wait to be committed.
pub(crate) const COMMIT_INTERVAL: Duration = Duration::from_millis(200);

/// How the member takes part, reads and commits.
#[derive(Default)]
pub(crate) struct Settings {
    /// KIP-848 rather than the classic protocol.
    pub(crate) consumer: bool,
    /// KIP-848 if the broker has it, and else the classic protocol.
    fallback: bool,
    assignor: String,
    instance_id: Option<String>,
    session_timeout: Duration,
    heartbeat_interval: Duration,
    /// Whether the consumer commits by itself.
    pub(crate) auto_commit: bool,
    /// How many threads handle records, if they are [workers](libkafka_client::Workers).
    pub(crate) workers: Option<usize>,
    /// How long a handler takes now and then, with a keeper on another thread.
    pub(crate) slow: Option<Duration>,
    /// Name and password, for PLAIN.
    user: Option<(String, String)>,
}

impl Settings {
    pub(crate) fn read(pairs: &[String]) -> Result<Self, Failure> {
        let mut settings = Self {
            session_timeout: Duration::from_secs(45),
            heartbeat_interval: Duration::from_secs(3),
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
                "session.timeout.ms" => settings.session_timeout = milliseconds(value)?,
                "heartbeat.interval.ms" => settings.heartbeat_interval = milliseconds(value)?,
                "enable.auto.commit" => settings.auto_commit = value.parse()?,
                "workers" => settings.workers = Some(value.parse()?),
                "slow.ms" => settings.slow = Some(milliseconds(value)?),
                "sasl.plain" => {
                    let (name, password) = value.split_once(':').ok_or("NAME:PASSWORD")?;
                    settings.user = Some((name.to_owned(), password.to_owned()));
                }
                _ => return Err(format!("no such setting: {key}").into()),
            }
        }
        // Nobody else could: the workers have the consumer.
        settings.auto_commit |= settings.workers.is_some();
        Ok(settings)
    }

    pub(crate) fn of_classic(&self) -> ClassicOptions {
        let mut options = ClassicOptions::default()
            .session_timeout(self.session_timeout)
            .heartbeat_interval(self.heartbeat_interval)
            .metadata_interval(Duration::from_secs(1));
        options.instance_id.clone_from(&self.instance_id);
        match self.assignor.as_str() {
            "roundrobin" => options.assignor(RoundRobin),
            "sticky" => options.assignor(Sticky),
            "cooperative-sticky" => options.assignor(CooperativeSticky),
            _ => options.assignor(Range),
        }
    }

    pub(crate) fn of_consumer(&self) -> membership::ConsumerOptions {
        let mut options =
            membership::ConsumerOptions::default().session_timeout(self.session_timeout);
        options.instance_id.clone_from(&self.instance_id);
        match self.fallback {
            true => options.fallback(self.of_classic()),
            false => options.assignor(&self.assignor),
        }
    }

    pub(crate) fn options(&self) -> ConsumerOptions {
        ConsumerOptions::new().commits(match self.auto_commit {
            true => Commits::Every(COMMIT_INTERVAL),
            // So that each commit can be written down before it is sent.
            false => Commits::ByHand,
        })
    }

    /// Logs in, if the member has a user.
    pub(crate) fn access(&self, config: Config) -> Config {
        match &self.user {
            Some((name, password)) => config.sasl(Plain::new(name, password)),
            None => config,
        }
    }
}

fn milliseconds(value: &str) -> Result<Duration, Failure> {
    Ok(Duration::from_millis(value.parse()?))
}
