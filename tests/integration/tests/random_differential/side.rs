//! [`Side`]: one of the two brokers, in a run of a sequence.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::api::{self, Api};
use crate::batches;
use crate::line::{Heard, Line};
use crate::renaming::Renaming;
use crate::step::Step;

/// Far longer than any answer takes: a busy machine is no failure.
const DEADLINE: Duration = Duration::from_secs(30);

/// One of the two brokers.
pub(crate) struct Side {
    address: SocketAddr,
    lines: Vec<Line>,
    /// For what is no part of the sequence.
    own: Line,
    pub(crate) renaming: Renaming,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    Answer(Value),
    /// The broker has ended the connection.
    End,
    /// Nothing so far.
    Nothing,
}

impl Outcome {
    pub(crate) fn to_line(&self) -> String {
        match self {
            Self::Answer(answer) => answer.to_string(),
            Self::End => "ends the connection".to_owned(),
            Self::Nothing => "no answer".to_owned(),
        }
    }
}

impl Side {
    pub(crate) fn new(address: SocketAddr, connections: usize, prefix: &str) -> Self {
        Self {
            address,
            lines: (0..connections).map(|_| Line::connect(address)).collect(),
            own: Line::connect(address),
            renaming: Renaming::new(prefix),
        }
    }

    pub(crate) fn send(&mut self, step: &Step) {
        let request = batches::build(&self.renaming.real(&step.request));
        let line = &mut self.lines[step.connection];
        let id = line.next_id();
        line.send(&(step.api.encode)(step.version, id, &request));
        if step.is_unanswered() {
            // What is asked next tells whether it was taken.
            let id = line.next_id();
            line.send(&(api::named("ApiVersions").encode)(0, id, &json!({})));
        }
    }

    pub(crate) fn listen(&mut self, step: &Step, wait: Duration) -> Outcome {
        match self.lines[step.connection].listen(wait) {
            Heard::Nothing => Outcome::Nothing,
            Heard::End => Outcome::End,
            Heard::Frame(_) if step.is_unanswered() => Outcome::Answer("none".into()),
            Heard::Frame(frame) => Outcome::Answer((step.api.decode)(step.version, &frame)),
        }
    }

    pub(crate) fn reconnect(&mut self, connection: usize) {
        self.lines[connection] = Line::connect(self.address);
    }

    /// Asks something that is no part of the sequence.
    pub(crate) fn ask(&mut self, api: &'static Api, version: i16, request: &Value) -> Value {
        let request = self.renaming.real(request);
        let id = self.own.next_id();
        self.own.send(&(api.encode)(version, id, &request));
        match self.own.listen(DEADLINE) {
            Heard::Frame(frame) => (api.decode)(version, &frame),
            other => panic!("{} v{version} {request}: {other:?}", api.name),
        }
    }

    /// Asks so until the answer is as it should be.
    pub(crate) fn wait(
        &mut self,
        api: &str,
        version: i16,
        request: &Value,
        is_done: impl Fn(&Value) -> bool,
    ) -> Value {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let answer = self.ask(api::named(api), version, request);
            if is_done(&answer) {
                return answer;
            }
            assert!(Instant::now() < deadline, "{api} {request}: {answer}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}
