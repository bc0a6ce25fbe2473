//! Records that are produced one by one.

use std::time::Instant;

use peers_harness::{Figures, Meter};

/// Times each call of `produce`, which gets the number of the record, after some to get warm.
pub fn time_each(records: usize, mut produce: impl FnMut(usize)) -> Figures {
    const WARM_UP: usize = 300;
    (0..WARM_UP).for_each(&mut produce);
    let meter = Meter::start();
    let mut times = Vec::with_capacity(records);
    for i in 0..records {
        let started = Instant::now();
        produce(i);
        times.push(started.elapsed());
    }
    meter.stop_with(times)
}
