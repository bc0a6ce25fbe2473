//! `Stranger`: a member of a group that is another process.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use libkafka_history::{Event, History, Kind as Happening};
use libkafka_integration::PATIENCE;
use libkafka_testkafka::{Error, Session};

use crate::kind::{Kind, Role};

/// A member of a group that is another process.
pub(crate) struct Stranger {
    pub(crate) kind: Kind,
    pub(crate) process: String,
    pub(crate) instance: Option<String>,
    session: Session,
    /// What it has printed, and how much of that has been looked at.
    printed: Vec<u8>,
    seen: usize,
    /// What was done to it.
    befell: Vec<Event>,
    owned: BTreeSet<i32>,
    pub(crate) paused: bool,
}

impl Stranger {
    pub(crate) fn start(kind: Kind, role: &Role<'_>, process: String) -> Self {
        Self {
            kind,
            session: kind.tool(role, &process).spawn().unwrap(),
            process,
            instance: role.instance.map(str::to_owned),
            printed: Vec::new(),
            seen: 0,
            befell: Vec::new(),
            owned: BTreeSet::new(),
            paused: false,
        }
    }

    /// The partitions that it takes itself to own, by what it has printed so far.
    #[track_caller]
    pub(crate) fn owned(&mut self) -> &BTreeSet<i32> {
        loop {
            match self.session.line(Instant::now()) {
                Ok(Some(line)) => self.print(line),
                Ok(None) => panic!("{} ended: {}", self.process, self.session.stderr()),
                Err(Error::Deadline { .. }) => break,
                Err(error) => panic!("{error}"),
            }
        }
        if self.seen < self.printed.len() {
            self.seen = self.printed.len();
            self.owned = open_claims(&self.history());
        }
        &self.owned
    }

    /// Has it leave the group, and waits for its end.
    #[track_caller]
    pub(crate) fn leave(mut self) -> Vec<Event> {
        match self.kind {
            Kind::Java => self.session.terminate(),
            Kind::Ours | Kind::Librdkafka => self.session.close(),
        }
        let deadline = Instant::now() + PATIENCE;
        while let Some(line) = self.session.line(deadline).unwrap() {
            self.print(line);
        }
        let history = self.history();
        assert_eq!(
            open_claims(&history),
            BTreeSet::new(),
            "{} left",
            self.process
        );
        self.into_events()
    }

    /// Kills it.
    pub(crate) fn kill(mut self) -> Vec<Event> {
        self.crashes();
        self.session.kill();
        self.into_events()
    }

    pub(crate) fn pause(&mut self) {
        // What it has from before does not count once the session is over, and it cannot say so.
        self.crashes();
        self.session.pause();
        self.paused = true;
    }

    pub(crate) fn resume(&mut self) {
        self.session.resume();
        self.paused = false;
    }

    /// What it did and what was done to it.
    pub(crate) fn into_events(mut self) -> Vec<Event> {
        // A killed one may have printed on.
        let soon = Instant::now() + Duration::from_millis(200);
        while let Ok(Some(line)) = self.session.line(soon) {
            self.print(line);
        }
        let mut history = self.history();
        history.add(self.befell);
        history.events().to_vec()
    }

    /// What it has said of itself on standard error.
    pub(crate) fn stderr(&self) -> String {
        self.session.stderr()
    }

    fn crashes(&mut self) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        self.befell.push(Event {
            at: u64::try_from(since.as_micros()).unwrap(),
            process: self.process.as_str().into(),
            kind: Happening::Crash,
        });
    }

    fn print(&mut self, line: Vec<u8>) {
        self.printed.extend(line);
        self.printed.push(b'\n');
    }

    fn history(&self) -> History {
        let mut history = History::default();
        let printed = self.printed.as_slice();
        match self.kind {
            Kind::Java => history.read_verifiable(&self.process, printed),
            Kind::Ours | Kind::Librdkafka => history.read(printed),
        }
        .unwrap();
        history
    }
}

fn open_claims(history: &History) -> BTreeSet<i32> {
    let mut open = HashMap::new();
    for event in history.events() {
        match &event.kind {
            Happening::Assigned {
                claim, partition, ..
            } => {
                open.insert(*claim, partition.partition);
            }
            Happening::Released { claim } | Happening::Lost { claim, .. } => {
                open.remove(claim);
            }
            Happening::Left => open.clear(),
            _ => {}
        }
    }
    open.into_values().collect()
}
