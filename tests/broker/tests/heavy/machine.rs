//! [`Machine`]: how busy the machine is with other things.

use std::fs;
use std::process;

/// What the machine has done so far, in ticks of all processors.
pub(crate) struct Machine {
    broker: u32,
    total: u64,
    busy: u64,
    ours: u64,
}

impl Machine {
    /// From now on. `broker` is the id of the broker's process.
    pub(crate) fn now(broker: u32) -> Self {
        let stat = fs::read_to_string("/proc/stat").unwrap();
        let all: Vec<u64> = stat
            .lines()
            .next()
            .unwrap()
            .split_whitespace()
            .skip(1)
            // Without the guests, which count among the users.
            .take(8)
            .map(|ticks| ticks.parse().unwrap())
            .collect();
        let (total, idle) = (all.iter().sum::<u64>(), all[3] + all[4]);
        Self {
            broker,
            total,
            busy: total - idle,
            ours: ticks_of(process::id()) + ticks_of(broker),
        }
    }

    /// How many times as long everything took since then as it takes a machine that does nothing
    /// else: all that it did, by what it did for this process and the broker. 1 where it had time left.
    pub(crate) fn slowdown(&self) -> f64 {
        let now = Self::now(self.broker);
        let (total, busy) = (now.total - self.total, now.busy - self.busy);
        let ours = (now.ours - self.ours).max(1);
        match busy * 10 < total * 9 {
            true => 1.0,
            false => (busy as f64 / ours as f64).max(1.0),
        }
    }
}

/// What a process has had of the processors.
fn ticks_of(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    // After the name, which may hold anything: the state, ten more fields, and both times.
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let times = fields.split_whitespace().skip(11).take(2);
    times.map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}
