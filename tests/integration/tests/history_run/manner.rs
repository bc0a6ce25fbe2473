//! `Manners`: how members read and commit, in an order that a seed decides.

use fastrand::Rng;
use libkafka_integration::strangers::{Kind, SESSION};
use libkafka_testkafka::User;

use crate::site::Site;

/// How members read and commit, in an order that a seed decides.
pub(crate) struct Manners {
    random: Rng,
    /// Those that have not had their turn.
    rest: Vec<Manner>,
    /// Whether any may be slow.
    slow: bool,
}

/// A member that is to come.
pub(crate) struct Newcomer {
    pub(crate) process: String,
    pub(crate) bootstrap: String,
    pub(crate) settings: Vec<String>,
}

/// How a member of ours reads and commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Polls, and commits by hand.
    ByHand,
    /// Polls, and has its consumer commit.
    ByItself,
    /// Handles records in several threads, while another keeps its partitions.
    Workers,
    /// Polls, and now and then handles a record for longer than its session, beside a keeper.
    Slow,
}

impl Manners {
    pub(crate) fn new(seed: u64, slow: bool) -> Self {
        Self {
            random: Rng::with_seed(seed),
            rest: Vec::new(),
            slow,
        }
    }

    /// The member of this number. Members of ours take turns, and every other one logs in.
    pub(crate) fn newcomer(&mut self, kind: Kind, number: usize, site: &Site) -> Newcomer {
        let mut newcomer = Newcomer {
            process: format!("{kind:?}-{number}").to_lowercase(),
            bootstrap: site.bootstrap(),
            settings: Vec::new(),
        };
        if kind != Kind::Ours {
            return newcomer;
        }
        let manner = self.next();
        newcomer.process += manner.name();
        newcomer.settings = manner.settings();
        if let Some(bootstrap) = site.sasl_bootstrap().filter(|_| number.is_multiple_of(2)) {
            let User { name, password } = User::ALICE;
            newcomer.process += "-sasl";
            newcomer.bootstrap = bootstrap;
            newcomer
                .settings
                .push(format!("sasl.plain={name}:{password}"));
        }
        newcomer
    }

    fn next(&mut self) -> Manner {
        loop {
            if let Some(manner) = self.rest.pop() {
                return manner;
            }
            self.rest = vec![Manner::ByHand, Manner::ByItself, Manner::Workers];
            self.rest.extend(self.slow.then_some(Manner::Slow));
            self.random.shuffle(&mut self.rest);
        }
    }
}

impl Manner {
    /// What it adds to a member's name.
    fn name(self) -> &'static str {
        match self {
            Self::ByHand => "-by-hand",
            Self::ByItself => "-by-itself",
            Self::Workers => "-workers",
            Self::Slow => "-slow",
        }
    }

    fn settings(self) -> Vec<String> {
        let by_itself = "enable.auto.commit=true".to_owned();
        let slow = SESSION.as_millis() * 5 / 4;
        match self {
            Self::ByHand => Vec::new(),
            Self::ByItself => vec![by_itself],
            Self::Workers => vec!["workers=3".to_owned()],
            Self::Slow => vec![by_itself, format!("slow.ms={slow}")],
        }
    }
}
