//! Tables.

use crate::candidates;
use crate::meter::Figures;
use crate::task::{Kind, Task};

/// Prints a row for each candidate: the least that a round took, which the rest of the machine
/// disturbed least, and what that is of the raw loop's.
pub fn print(task: &Task, measured: &[Vec<Figures>]) {
    let least = |candidate: usize, of: fn(&Figures) -> f64| {
        let rounds = measured[candidate].iter().map(of);
        rounds.fold(f64::INFINITY, f64::min)
    };
    println!("\n{}\n", title(task));
    let single = task.kind == Kind::Single;
    if single {
        println!(
            "| | p50 µs | × raw | p99 µs | × raw | CPU ns a record | × raw | peak RSS MB |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        );
    } else {
        println!(
            "| | CPU ns a record | × raw | records/s | × raw | MB/s | peak RSS MB |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
        );
    }
    for (candidate, (name, _)) in candidates::ALL.iter().enumerate() {
        let records = task.records as f64;
        let cpu = least(candidate, |figures| figures.cpu_seconds);
        let cpu_ratio = cpu / least(0, |figures| figures.cpu_seconds);
        let cpu = cpu / records * 1e9;
        let peak = measured[candidate].iter().map(|f| f.peak_megabytes);
        let peak = peak.fold(0.0, f64::max);
        if single {
            let p50 = least(candidate, |figures| figures.p50);
            let p99 = least(candidate, |figures| figures.p99);
            let p50_ratio = p50 / least(0, |figures| figures.p50);
            let p99_ratio = p99 / least(0, |figures| figures.p99);
            println!(
                "| {name} | {p50:.1} | {p50_ratio:.2} | {p99:.0} | {p99_ratio:.2} | {cpu:.0} | \
                 {cpu_ratio:.2} | {peak:.1} |"
            );
        } else {
            let seconds = least(candidate, |figures| figures.seconds);
            let ratio = least(0, |figures| figures.seconds) / seconds;
            let speed = records / seconds;
            let megabytes = speed * task.size as f64 / 1e6;
            println!(
                "| {name} | {cpu:.0} | {cpu_ratio:.2} | {speed:.0} | {ratio:.2} | \
                 {megabytes:.0} | {peak:.1} |"
            );
        }
    }
}

fn title(task: &Task) -> String {
    let size = task.size;
    let codec = if task.lz4 { "lz4" } else { "none" };
    match task.kind {
        Kind::Produce => format!(
            "Produce {size} B, {codec}, acks=1, {} in flight",
            task.in_flight
        ),
        Kind::Consume => format!("Consume {size} B, {codec}"),
        Kind::Single => format!("Produce single records of {size} B, acks=1, one by one"),
    }
}
