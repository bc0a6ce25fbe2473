//! `Intervals`: times during which something was so.

/// Times during which something was so, in order and apart from each other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Intervals {
    /// Begin and end of each, and how long those before it are together.
    all: Vec<(u64, u64, u64)>,
}

impl Intervals {
    /// From begin and end of each, which may overlap.
    pub(crate) fn of(mut spans: Vec<(u64, u64)>) -> Self {
        spans.sort_unstable();
        let mut all: Vec<(u64, u64, u64)> = Vec::new();
        for (begin, end) in spans {
            match all.last_mut() {
                Some(last) if begin <= last.1 => last.1 = last.1.max(end),
                Some(last) => {
                    let before = last.2 + (last.1 - last.0);
                    all.push((begin, end.max(begin), before));
                }
                None => all.push((begin, end.max(begin), 0)),
            }
        }
        Intervals { all }
    }

    /// How much of the time from `begin` to `end` is within.
    pub(crate) fn within(&self, begin: u64, end: u64) -> u64 {
        self.until(end).saturating_sub(self.until(begin))
    }

    /// How much of the time until then is within.
    fn until(&self, time: u64) -> u64 {
        match self.all.partition_point(|(begin, ..)| *begin < time) {
            0 => 0,
            place => {
                let (begin, end, before) = self.all[place - 1];
                before + end.min(time) - begin
            }
        }
    }
}
