//! Commits by hand, and leaves in good order.

use std::io;
use std::time::Duration;

use libkafka_client::Consumer;
use libkafka_history::Outcome;

use crate::journal::Journal;
use crate::{Failure, PATIENCE};

/// Commits what is handled, and leaves the group.
pub(crate) fn leave(mut consumer: Consumer, journal: &mut Journal) -> Result<(), Failure> {
    commit(&mut consumer, journal, PATIENCE)?;
    // Whoever could not commit because its session was over does not leave in good order.
    journal.lose_what_ended("while it left")?;
    journal.leave()?;
    Ok(consumer.close(PATIENCE)?)
}

/// Commits what is handled. What cannot be committed now is no error.
pub(crate) fn commit(
    consumer: &mut Consumer,
    journal: &mut Journal,
    wait: Duration,
) -> io::Result<()> {
    let due = consumer.claims().filter_map(|status| {
        let offset = status
            .handled
            .filter(|_| status.handled != status.committed)?;
        let claim = journal.number(&status.claim)?;
        Some((claim, status.claim.partition().clone(), offset))
    });
    let due: Vec<_> = due.collect();
    if due.is_empty() {
        return Ok(());
    }
    for (claim, _, offset) in &due {
        journal.commit(*claim, *offset)?;
    }
    let results = consumer.commit(wait);
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
        journal.committed(claim, offset, outcome)?;
    }
    Ok(())
}
