//! A member whose records are handled by several threads, and another that keeps its partitions.

use std::slice;
use std::sync::{Mutex, PoisonError};
use std::thread;

use libkafka_client::membership::Claim;
use libkafka_client::{Consumer, Flow, Stop, Work, Workers};

use crate::Failure;
use crate::journal::Journal;

/// Takes part until the consumer is stopped.
pub(crate) fn run(
    consumer: Consumer,
    stop: &Stop,
    journal: &mut Journal,
    threads: usize,
) -> Result<Consumer, Failure> {
    let workers = consumer.into_workers()?;
    let journal = Mutex::new(journal);
    thread::scope(|scope| {
        let work = || work(&workers, stop, &journal);
        let mut all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        all.push(scope.spawn(|| Ok(workers.keep(stop)?)));
        let mut ended = all.into_iter().map(|thread| thread.join());
        ended.try_for_each(|ended| ended.unwrap_or_else(|_| Err("a thread panicked".into())))
    })?;
    Ok(workers.finish())
}

fn work(workers: &Workers, stop: &Stop, journal: &Mutex<&mut Journal>) -> Result<(), Failure> {
    let mut failure = Ok(());
    workers.work(stop, |cursor, work| {
        // Before the journal is locked, which others may wait for.
        let statuses = workers.claims();
        let mut journal = journal.lock().unwrap_or_else(PoisonError::into_inner);
        let handled = journal
            .has_committed(statuses.into_iter())
            .map_err(Failure::from)
            .and_then(|()| handle(&mut journal, cursor.claim(), work));
        match handled {
            Ok(()) => Flow::Go,
            Err(error) => {
                failure = Err(error);
                Flow::Stop
            }
        }
    })?;
    failure
}

fn handle(journal: &mut Journal, claim: &Claim, work: Work) -> Result<(), Failure> {
    let claims = slice::from_ref(claim);
    match work {
        Work::Assigned => journal.begin(claims)?,
        Work::Records(batch) => {
            journal.handle(&batch)?;
            journal.may_commit(&batch)?;
            batch.handled();
        }
        Work::Trouble { error, .. } => eprintln!("{}: {error}", claim.partition()),
        // It is given up, and what is handled committed, once this has returned.
        Work::Revoking { .. } => journal.release(claims)?,
        Work::Lost { why } => journal.lose(claims, &format!("{why:?}"))?,
        _ => {}
    }
    Ok(())
}
