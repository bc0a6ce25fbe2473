//! `Cell`: members of one library, so many, that share so many partitions.

use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::crew::{Crew, Order};
use crate::protocol::HEARTBEAT;
use crate::watch::{Begins, Watch};

/// Members of one library, so many, that share so many partitions.
pub(crate) struct Cell<'a> {
    pub(crate) order: Order<'a>,
    pub(crate) members: usize,
    pub(crate) partitions: i32,
}

/// What was measured in all rounds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Times {
    pub(crate) join: Vec<Duration>,
    pub(crate) leave: Vec<Duration>,
    pub(crate) kill: Vec<Duration>,
    /// Of partitions that stay, whenever a member joined or left.
    pub(crate) pause: Vec<Duration>,
}

impl Cell<'_> {
    /// One member joins a group of the others and leaves it, and at last is killed.
    pub(crate) fn measure(&self, rounds: usize) -> Times {
        let mut times = Times::default();
        let mut watch = Watch::default();
        let others = self.members - 1;
        let mut crew = Crew::start(&self.order, "host", others);
        crew.join();
        watch.settles(
            &mut [&mut crew],
            others,
            self.partitions,
            Begins::When("join"),
        );
        for round in 0..rounds {
            let mut guest = Crew::start(&self.order, &format!("guest{round}"), 1);
            // At another time between two heartbeats of the others, from round to round.
            let pause = HEARTBEAT * round as u32 / rounds as u32;
            thread::sleep(pause);
            guest.join();
            let joined = Begins::When("join");
            let crews = &mut [&mut crew, &mut guest];
            let join = watch.settles(crews, self.members, self.partitions, joined);
            times.join.push(join.after);
            times.pause.push(join.pause);
            thread::sleep(pause);
            if round + 1 == rounds {
                let at = now();
                guest.kill();
                watch.forgets(&format!("guest{round}-0"));
                let killed = Begins::At(at);
                let kill = watch.settles(&mut [&mut crew], others, self.partitions, killed);
                times.kill.push(kill.after);
            } else {
                guest.leave();
                let left = Begins::When("leave");
                let crews = &mut [&mut crew, &mut guest];
                let leave = watch.settles(crews, others, self.partitions, left);
                times.leave.push(leave.after);
                times.pause.push(leave.pause);
            }
        }
        times
    }
}

/// Microseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as u64)
}
