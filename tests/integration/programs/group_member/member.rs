//! A member that polls, and commits by hand or has its consumer commit.

use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::{ClaimedBatch, Consumer, Polled};

use crate::journal::Journal;
use crate::leaving::commit;
use crate::settings::{COMMIT_INTERVAL, Settings};
use crate::{Failure, PATIENCE};

/// How long a handler is quick again after it was slow.
const QUICK: Duration = Duration::from_secs(15);

struct Member<'a> {
    consumer: Consumer,
    journal: &'a mut Journal,
    settings: &'a Settings,
    /// When it committed by hand.
    committed: Instant,
    /// When a handler was slow.
    slow: Instant,
}

/// Takes part until the consumer is stopped.
pub(crate) fn run(
    consumer: Consumer,
    journal: &mut Journal,
    settings: &Settings,
) -> Result<Consumer, Failure> {
    if let Some(keeper) = consumer.keeper().filter(|_| settings.slow.is_some()) {
        // It ends when the consumer is closed.
        thread::spawn(move || keeper.run());
    }
    let mut member = Member {
        consumer,
        journal,
        settings,
        committed: Instant::now(),
        slow: Instant::now(),
    };
    while member.poll()? {}
    Ok(member.consumer)
}

impl Member<'_> {
    /// False once the consumer is stopped.
    fn poll(&mut self) -> Result<bool, Failure> {
        let polled = self.consumer.poll(Duration::from_millis(50))?;
        if self.settings.auto_commit {
            self.journal.has_committed(self.consumer.claims())?;
        }
        match polled {
            Polled::Records(batch) => self.handle(&batch)?,
            Polled::Assigned { claims } => self.journal.begin(&claims)?,
            Polled::Revoking { claims, by } => {
                if !self.settings.auto_commit {
                    let left = by.saturating_duration_since(Instant::now());
                    self.commit(left.min(PATIENCE))?;
                }
                // The next poll gives them up.
                self.journal.release(&claims)?;
            }
            Polled::Lost { claims, why } => self.journal.lose(&claims, &format!("{why:?}"))?,
            Polled::Trouble { claim, error, .. } => eprintln!("{}: {error}", claim.partition()),
            Polled::CommitFailed { error } => eprintln!("commit: {error}"),
            Polled::Stopped { why: None } => return Ok(false),
            Polled::Stopped { why } => return Err(format!("it stopped: {why:?}").into()),
            _ => {}
        }
        if !self.settings.auto_commit && self.committed.elapsed() > COMMIT_INTERVAL {
            self.commit(PATIENCE)?;
        }
        Ok(true)
    }

    fn handle(&mut self, batch: &ClaimedBatch) -> Result<(), Failure> {
        if let Some(slow) = self.settings.slow
            && self.slow.elapsed() > QUICK
        {
            thread::sleep(slow);
            self.slow = Instant::now();
            if batch.claim().is_ended() {
                // It is somebody else's by now.
                return Ok(());
            }
        }
        self.journal.handle(batch)?;
        if self.settings.auto_commit {
            self.journal.may_commit(batch)?;
        }
        batch.handled();
        Ok(())
    }

    fn commit(&mut self, wait: Duration) -> Result<(), Failure> {
        self.committed = Instant::now();
        Ok(commit(&mut self.consumer, self.journal, wait)?)
    }
}
