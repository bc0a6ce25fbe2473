//! `Buffer`: what was fetched of a partition and has not been handed out yet.

use bytes::Bytes;
use libkafka_batch::{Batch, BatchHeader, ReadCommitted, RecordSet};

use crate::fetch::{FetchPosition, Fetched};
use crate::group::Span;
use crate::wire_value::known;

/// What was fetched of a partition, batch by batch.
#[derive(Debug)]
pub(super) struct Buffer {
    records: Bytes,
    /// The bytes of `records` that were taken.
    taken: usize,
    /// The first offset that has not been taken.
    from: i64,
    committed: ReadCommitted,
    /// Where to fetch after all of it; `None` if that cannot be told before it is read.
    end: Option<FetchPosition>,
}

/// What comes next in a [`Buffer`].
#[derive(Debug)]
pub(super) enum Buffered {
    /// A batch for the application, with a correct checksum.
    Batch {
        bytes: Bytes,
        header: BatchHeader,
        span: Span,
    },
    /// Nothing that an application should see: control records, or those of an aborted transaction.
    Hidden(Span),
    /// Something that cannot be read, and the offset after it, if its header says so.
    Bad {
        error: libkafka_batch::Error,
        next_offset: Option<i64>,
    },
}

impl Buffer {
    pub(super) fn new(fetched: Fetched) -> Self {
        let committed = fetched.read_committed();
        Self {
            end: end(&fetched),
            records: fetched.records,
            taken: 0,
            from: fetched.offset,
            committed,
        }
    }

    /// Where to fetch after all of it, if that can be told.
    pub(super) fn end(&self) -> Option<FetchPosition> {
        self.end
    }

    /// Bytes that have not been taken.
    pub(super) fn bytes(&self) -> usize {
        self.records.len() - self.taken
    }

    /// Whether some of it has been taken, and some has not.
    pub(super) fn is_amid(&self) -> bool {
        self.taken > 0 && self.taken < self.records.len()
    }

    /// The next batch; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Buffered> {
        loop {
            let rest = &self.records[self.taken..];
            let mut set = RecordSet::new(rest);
            let batch = match set.next()? {
                Ok(batch) => batch,
                Err(error) => return Some(bad(error, rest, self.from)),
            };
            let admitted = match self.committed.admits(&batch) {
                Ok(admitted) => admitted,
                Err(error) => return Some(bad(error, rest, self.from)),
            };
            let header = batch.header;
            let bytes = self.taken..self.taken + set.position();
            self.taken = bytes.end;
            if header.next_offset() <= self.from {
                continue;
            }
            // A compressed message of the formats before says its last offset only.
            let first_offset = match header.magic {
                2 => header.base_offset.max(self.from),
                _ => self.from,
            };
            self.from = header.next_offset();
            let span = Span {
                first_offset,
                next_offset: header.next_offset(),
                leader_epoch: known(header.partition_leader_epoch),
            };
            return Some(match admitted {
                true => Buffered::Batch {
                    bytes: self.records.slice(bytes),
                    header,
                    span,
                },
                false => Buffered::Hidden(span),
            });
        }
    }
}

/// Where a fetch ends, according to the headers of its batches; `None` if one of them cannot be
/// read.
fn end(fetched: &Fetched) -> Option<FetchPosition> {
    let mut end = FetchPosition::new(fetched.offset);
    for batch in RecordSet::unchecked(&fetched.records) {
        let header = batch.ok()?.header;
        if header.next_offset() > end.offset {
            end = position_after(header.next_offset(), known(header.partition_leader_epoch));
        }
    }
    Some(end)
}

/// The position after a batch.
pub(super) fn position_after(next_offset: i64, leader_epoch: Option<i32>) -> FetchPosition {
    FetchPosition {
        last_fetched_epoch: leader_epoch,
        ..FetchPosition::new(next_offset)
    }
}

fn bad(error: libkafka_batch::Error, rest: &[u8], from: i64) -> Buffered {
    let header = Batch::parse_unchecked(rest).ok().map(|batch| batch.header);
    let next_offset = header.map(|header| header.next_offset());
    Buffered::Bad {
        error,
        next_offset: next_offset.filter(|next| *next > from),
    }
}
