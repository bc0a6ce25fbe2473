//! `Timeline`: how a partition went from member to member, in figures.

use std::fmt;

use crate::claim::Claim;
use crate::digest::Digest;
use crate::partition_digest::PartitionDigest;

/// How a partition went from member to member.
pub(crate) struct Timeline {
    name: String,
    rows: Vec<Row>,
    /// Records in the log, as far as they are known.
    records: usize,
    /// The longest time from the last record of one claim to the first of the next.
    pub(crate) longest_pause: Option<u64>,
    /// From acknowledged to handled first, in order.
    pub(crate) lags: Vec<u64>,
    /// Records that were handled again.
    pub(crate) repeats: usize,
    /// When anything was handled, in order.
    pub(crate) handled_at: Vec<u64>,
}

struct Row {
    process: String,
    begin: u64,
    end: Option<u64>,
    why: &'static str,
    handled: usize,
    /// From the last record of the claim before it to the first of this one.
    pause: Option<u64>,
}

impl Timeline {
    pub(crate) fn of(digest: &Digest<'_>, partition: &PartitionDigest<'_>) -> Self {
        let mut seen = vec![false; partition.log.len()];
        let mut counts = vec![0; partition.claims.len()];
        let mut span: Vec<Option<(u64, u64)>> = vec![None; partition.claims.len()];
        let (mut lags, mut repeats) = (Vec::new(), 0);
        for handled in &partition.handled {
            counts[handled.claim] += 1;
            let times = span[handled.claim].get_or_insert((handled.at, handled.at));
            times.1 = handled.at;
            if std::mem::replace(&mut seen[handled.record], true) {
                repeats += 1;
            } else if let Some(sent) = digest.sent_at.get(partition.log[handled.record].1) {
                lags.push(handled.at.saturating_sub(*sent));
            }
        }
        lags.sort_unstable();
        let mut before: Option<u64> = None;
        let rows = partition.claims.iter().enumerate().map(|(index, claim)| {
            let pause = match (before, span[index]) {
                (Some(before), Some((first, _))) => Some(first.saturating_sub(before)),
                _ => None,
            };
            before = span[index].map(|(_, last)| last).or(before);
            Row::of(claim, counts[index], pause)
        });
        let rows: Vec<Row> = rows.collect();
        Timeline {
            name: partition.partition.to_string(),
            longest_pause: rows.iter().filter_map(|row| row.pause).max(),
            rows,
            records: partition.log.len(),
            lags,
            repeats,
            handled_at: partition.handled.iter().map(|handled| handled.at).collect(),
        }
    }

    /// How often the partition changed hands.
    pub(crate) fn changes(&self) -> usize {
        self.rows.len().saturating_sub(1)
    }

    /// Writes the timeline, with times since `begin`.
    pub(crate) fn write(&self, f: &mut fmt::Formatter<'_>, begin: u64) -> fmt::Result {
        writeln!(f, "{} ({} records)", self.name, self.records)?;
        for row in &self.rows {
            let from = seconds(row.begin.saturating_sub(begin));
            let to = match row.end {
                Some(end) => seconds(end.saturating_sub(begin)),
                None => String::new(),
            };
            let (process, why, handled) = (&row.process, row.why, row.handled);
            write!(
                f,
                "  {from:>9} - {to:<9} {process:<16} {handled:>8} handled  {why:<8}"
            )?;
            match row.pause {
                Some(pause) => writeln!(f, "  after a pause of {}", seconds(pause))?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

impl Row {
    fn of(claim: &Claim<'_>, handled: usize, pause: Option<u64>) -> Self {
        Row {
            process: claim.process.to_owned(),
            begin: claim.assigned,
            end: claim.ended.map(|(at, _)| at),
            why: claim.ended.map_or("has it", |(_, end)| end.name()),
            handled,
            pause,
        }
    }
}

/// Microseconds as seconds.
pub(crate) fn seconds(micros: u64) -> String {
    format!("{:.3} s", micros as f64 / 1e6)
}
