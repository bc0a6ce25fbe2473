//! A member of a group that is another process.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use libkafka_integration::PATIENCE;
use libkafka_testkafka::{Error, Session, Tool};

use crate::peace::complaints;

/// A running `Member.java` or `member.py`.
pub(crate) struct Member {
    session: Session,
    /// The partitions that it owns.
    pub(crate) owned: BTreeSet<i32>,
    /// The partition, the offset and the value of each record that it has read.
    pub(crate) read: Vec<(i32, i64, String)>,
    closed: bool,
}

impl Member {
    pub(crate) fn start(tool: &Tool) -> Member {
        Member {
            session: tool.spawn().unwrap(),
            owned: BTreeSet::new(),
            read: Vec::new(),
            closed: false,
        }
    }

    /// Lets it leave the group, and waits for its end.
    #[track_caller]
    pub(crate) fn leave(mut self) -> Vec<(i32, i64, String)> {
        self.session.close();
        let deadline = Instant::now() + PATIENCE;
        while let Some(line) = self.session.line(deadline).unwrap() {
            self.hear(&line);
        }
        assert_eq!(complaints(&self.session.stderr()), [""; 0]);
        assert!(self.closed, "it ended before it was told to");
        self.read
    }

    /// Takes a line in, if there soon is one.
    #[track_caller]
    fn listen(&mut self) {
        match self
            .session
            .line(Instant::now() + Duration::from_millis(20))
        {
            Ok(Some(line)) => self.hear(&line),
            Ok(None) => panic!("it ended: {}", self.session.stderr()),
            Err(Error::Deadline { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }

    #[track_caller]
    fn hear(&mut self, line: &[u8]) {
        let line = str::from_utf8(line).unwrap();
        let (what, rest) = line.split_once(' ').unwrap_or((line, ""));
        match what {
            "owns" => {
                self.owned = rest
                    .split_whitespace()
                    .map(|partition| partition.parse().unwrap())
                    .collect();
            }
            "record" => {
                let fields: Vec<&str> = rest.splitn(3, ' ').collect();
                let (partition, offset) = (fields[0].parse().unwrap(), fields[1].parse().unwrap());
                self.read.push((partition, offset, fields[2].to_owned()));
            }
            "closed" => self.closed = true,
            _ => panic!("{line}"),
        }
    }
}

/// Listens to all of them until that is so.
#[track_caller]
pub(crate) fn listen_until(what: &str, members: &mut [Member], done: impl Fn(&[Member]) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !done(members) {
        for member in &mut *members {
            member.listen();
        }
        assert!(Instant::now() < deadline, "{what}: {}", show(members));
    }
}

fn show(members: &[Member]) -> String {
    let one = |member: &Member| {
        let Member { owned, read, .. } = member;
        let stderr = member.session.stderr();
        format!("\nowns {owned:?}, has read {}: {stderr}", read.len())
    };
    members.iter().map(one).collect()
}
