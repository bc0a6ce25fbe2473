//! [`Stranger`]: a member of a group that is another process.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use libkafka_history::{Event, Kind as Happening, Lines};
use libkafka_testkafka::{Error, Session};

use super::kind::{Kind, Role};
use super::late_claim::forget_late_claim;
use super::refused_commit::{last_commit_was_refused, was_out};
use crate::patience::PATIENCE;

/// How long what a program had printed before it was halted may be on its way on a busy machine.
const AFTERMATH: Duration = Duration::from_millis(500);

/// A member of a group that is another process.
pub struct Stranger {
    /// Whose client it is.
    pub kind: Kind,
    /// Its name.
    pub process: String,
    /// Its `group.instance.id`, if it is a static member.
    pub instance: Option<String>,
    /// Whether it is halted.
    pub paused: bool,
    killed: bool,
    /// How many events there were when it went on from its last halt.
    resumed: Option<usize>,
    session: Session,
    lines: Lines,
    events: Vec<Event>,
    /// Where it has given up all that it had, if it would only do so on leaving.
    gave_up_all: Option<Range<usize>>,
    /// Whether it does not say that it has lost partitions, but that it has given them up.
    hides_losses: bool,
    claims: HashMap<u64, i32>,
    owned: BTreeSet<i32>,
    handled: BTreeMap<i32, i64>,
}

impl Stranger {
    /// Starts one.
    ///
    /// # Panics
    /// If that fails.
    #[track_caller]
    pub fn start(kind: Kind, role: &Role<'_>, process: String) -> Self {
        Self {
            kind,
            session: kind.tool(role, &process).spawn().unwrap(),
            lines: match kind {
                Kind::Java => Lines::verifiable(&process),
                Kind::Ours | Kind::Librdkafka => Lines::recorded(),
            },
            process,
            instance: role.instance.map(str::to_owned),
            paused: false,
            killed: false,
            resumed: None,
            events: Vec::new(),
            gave_up_all: None,
            hides_losses: kind == Kind::Java && role.protocol.is_sticky(),
            claims: HashMap::new(),
            owned: BTreeSet::new(),
            handled: BTreeMap::new(),
        }
    }

    /// The partitions that it takes itself to own, by what it has printed so far.
    ///
    /// # Panics
    /// If it has ended, or prints what makes no sense.
    #[track_caller]
    pub fn owned(&mut self) -> &BTreeSet<i32> {
        self.listen();
        &self.owned
    }

    /// The offset after the last record that it has handled of each partition.
    ///
    /// # Panics
    /// If it has ended, or prints what makes no sense.
    #[track_caller]
    pub fn handled(&mut self) -> &BTreeMap<i32, i64> {
        self.listen();
        &self.handled
    }

    /// Has it leave the group, and waits for its end. Returns what it did.
    ///
    /// # Panics
    /// If it does not end, or has not given up all that it owned.
    #[track_caller]
    pub fn leave(mut self) -> Vec<Event> {
        match self.kind {
            Kind::Java => self.session.terminate(),
            Kind::Ours | Kind::Librdkafka => self.session.close(),
        }
        let deadline = Instant::now() + PATIENCE;
        while let Some(line) = self.session.line(deadline).unwrap() {
            self.print(line);
        }
        let (process, stderr) = (&self.process, self.session.stderr());
        assert!(self.owned.is_empty(), "{process} left: {stderr}");
        self.events
    }

    /// Kills it. Returns what it did.
    #[must_use]
    pub fn kill(mut self) -> Vec<Event> {
        self.session.kill();
        self.killed = true;
        // It does nothing any more from here on; what it printed before may still come.
        let at = now();
        self.drain(PATIENCE);
        self.crashes(at);
        self.events
    }

    /// Halts it.
    pub fn pause(&mut self) {
        self.session.pause();
        self.drain(AFTERMATH);
        // What it has from before does not count once the session is over, and it cannot say so.
        self.crashes(now());
        self.paused = true;
    }

    /// Lets it go on.
    pub fn resume(&mut self) {
        self.resumed = Some(self.events.len());
        self.session.resume();
        self.paused = false;
    }

    /// What it did so far.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What it has said of itself on standard error.
    pub fn stderr(&self) -> String {
        self.session.stderr()
    }

    #[track_caller]
    fn listen(&mut self) {
        loop {
            match self.session.line(Instant::now()) {
                Ok(Some(line)) => self.print(line),
                Ok(None) => panic!("{} ended: {}", self.process, self.session.stderr()),
                Err(Error::Deadline { .. }) => return,
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Hears what it has printed before, to the end of its output or for so long.
    fn drain(&mut self, time: Duration) {
        let deadline = Instant::now() + time;
        while let Ok(Some(line)) = self.session.line(deadline) {
            self.print(line);
        }
    }

    fn crashes(&mut self, at: u64) {
        self.events.push(Event {
            at,
            process: self.process.as_str().into(),
            kind: Happening::Crash,
        });
    }

    #[track_caller]
    fn print(&mut self, mut line: Vec<u8>) {
        line.push(b'\n');
        let events = match self.lines.read(line.as_slice()) {
            Ok(events) => events,
            // It was killed in the middle of the line.
            Err(_) if self.killed => return,
            Err(error) => panic!("{}: {error}", self.process),
        };
        let (first, had) = (self.events.len(), self.owned.len());
        let released = events.iter().filter_map(|event| match event.kind {
            Happening::Released { claim } => Some(claim),
            _ => None,
        });
        let at = events.first().map_or(0, |event| event.at);
        let was_out = was_out(&self.events, released, at);
        for mut event in events {
            self.take(&event.kind);
            if let (Kind::Java, Happening::Released { claim }) = (self.kind, &event.kind)
                && (was_out || last_commit_was_refused(&self.events, *claim))
            {
                let (claim, why) = (*claim, "with its last commit refused".to_owned());
                event.kind = Happening::Lost { claim, why };
            }
            let ended = match event.kind {
                Happening::Released { claim } | Happening::Lost { claim, .. } => Some(claim),
                _ => None,
            };
            self.events.push(event);
            // Ours are to know better.
            let resumed = self.resumed.filter(|_| self.kind != Kind::Ours);
            if let (Some(claim), Some(resumed)) = (ended, resumed) {
                forget_late_claim(&mut self.events, resumed, claim);
            }
        }
        if self.hides_losses {
            self.find_loss(first, had);
        }
    }

    /// Whoever gave up several partitions, all that it had, and is given some again had lost them.
    fn find_loss(&mut self, first: usize, had: usize) {
        if had > 1 && self.owned.is_empty() {
            self.gave_up_all = Some(first..self.events.len());
        }
        if self.owned.is_empty() {
            return;
        }
        for event in self.gave_up_all.take().into_iter().flatten() {
            let kind = &mut self.events[event].kind;
            if let Happening::Released { claim } = *kind {
                let why = "as it was given partitions anew".to_owned();
                *kind = Happening::Lost { claim, why };
            }
        }
    }

    fn take(&mut self, happening: &Happening) {
        match happening {
            Happening::Assigned {
                claim, partition, ..
            } => {
                self.claims.insert(*claim, partition.partition);
                self.owned = self.claims.values().copied().collect();
            }
            Happening::Handled { claim, upto, .. } => {
                if let Some(partition) = self.claims.get(claim) {
                    let handled = self.handled.entry(*partition).or_default();
                    *handled = (*upto).max(*handled);
                }
            }
            Happening::Released { claim } | Happening::Lost { claim, .. } => {
                self.claims.remove(claim);
                self.owned = self.claims.values().copied().collect();
            }
            Happening::Left => {
                self.claims.clear();
                self.owned.clear();
            }
            _ => {}
        }
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since.as_micros()).unwrap()
}
