//! [`Report`]: what happened and what must not have, for people.

use std::fmt;

use crate::anomaly::{Anomaly, Check};
use crate::check::check;
use crate::digest::Digest;
use crate::event::Kind;
use crate::history::History;
use crate::rules::Rules;
use crate::timeline::{Timeline, seconds};

/// Anomalies of one check that are shown; the others are counted.
const SHOWN: usize = 10;

/// What happened in a history and what must not have, as text by [`Display`](fmt::Display): the
/// anomalies, then what each fault cost, the lag, and a timeline for each partition with the pauses
/// around rebalances.
pub struct Report {
    anomalies: Vec<Anomaly>,
    begin: u64,
    events: usize,
    faults: Vec<(u64, String)>,
    timelines: Vec<Timeline>,
}

impl Report {
    /// Checks a history.
    pub fn of(history: &History, rules: &Rules) -> Self {
        let digest = Digest::of(history);
        let faults = history
            .events()
            .iter()
            .filter_map(|event| match &event.kind {
                Kind::Nemesis { what } => Some((event.at, what.clone())),
                Kind::Crash => Some((event.at, format!("crash of {}", event.process))),
                _ => None,
            });
        let partitions = digest.partitions.iter();
        Report {
            anomalies: check(history, rules),
            begin: history.events().first().map_or(0, |event| event.at),
            events: history.events().len(),
            faults: faults.collect(),
            timelines: partitions
                .map(|partition| Timeline::of(&digest, partition))
                .collect(),
        }
    }

    /// What must not have happened, in the order of time.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.anomalies
    }

    /// What must not have happened as text, without the rest of the report: a few of each kind.
    pub fn findings(&self) -> String {
        let mut findings = String::new();
        self.write_findings(&mut findings)
            .expect("a string takes any text");
        findings
    }

    fn write_findings(&self, f: &mut impl fmt::Write) -> fmt::Result {
        if self.anomalies.is_empty() {
            writeln!(f, "nothing happened that must not have")?;
        }
        for kind in Check::ALL {
            let of_kind: Vec<_> = self.anomalies.iter().filter(|a| a.check == kind).collect();
            if of_kind.is_empty() {
                continue;
            }
            writeln!(f, "{kind}: {}", of_kind.len())?;
            for anomaly in of_kind.iter().take(SHOWN) {
                match anomaly.at {
                    0 => writeln!(f, "             {}", anomaly.what)?,
                    at => {
                        let since = seconds(at.saturating_sub(self.begin));
                        writeln!(f, "{since:>11}  {}", anomaly.what)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// For each fault, how long it took until all partitions that were read later were read again.
    fn write_faults(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, what) in &self.faults {
            let next = self.timelines.iter().filter_map(|timeline| {
                let handled = &timeline.handled_at;
                let next = handled.get(handled.partition_point(|handled| handled < at))?;
                Some(next - at)
            });
            let since = seconds(at.saturating_sub(self.begin));
            match next.max() {
                Some(next) => writeln!(
                    f,
                    "{since:>11}  {what}: all read again after {}",
                    seconds(next)
                )?,
                None => writeln!(f, "{since:>11}  {what}: nothing was read any more")?,
            }
        }
        Ok(())
    }

    fn write_figures(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lags: Vec<u64> = self
            .timelines
            .iter()
            .flat_map(|t| &t.lags)
            .copied()
            .collect();
        lags.sort_unstable();
        let at = |percent: usize| {
            let place = (lags.len() * percent / 100).min(lags.len().saturating_sub(1));
            lags.get(place)
                .map_or_else(|| "-".to_owned(), |lag| seconds(*lag))
        };
        let changes: usize = self.timelines.iter().map(Timeline::changes).sum();
        let repeats: usize = self.timelines.iter().map(|t| t.repeats).sum();
        let pause = self.timelines.iter().filter_map(|t| t.longest_pause).max();
        let pause = pause.map_or_else(|| "-".to_owned(), seconds);
        writeln!(
            f,
            "{} events, {} records handled, {repeats} of them again",
            self.events,
            lags.len() + repeats
        )?;
        writeln!(
            f,
            "{changes} changes of owner, longest pause around one {pause}"
        )?;
        writeln!(
            f,
            "from acknowledged to handled: median {}, 99 % {}, most {}",
            at(50),
            at(99),
            at(100)
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_findings(f)?;
        writeln!(f)?;
        self.write_figures(f)?;
        self.write_faults(f)?;
        for timeline in &self.timelines {
            writeln!(f)?;
            timeline.write(f, self.begin)?;
        }
        Ok(())
    }
}
