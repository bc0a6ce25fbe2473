//! Tables.

use peers_harness::{Figures, percentiles};

use crate::task::{Kind, Task};
use crate::{LIMIT, candidates};

/// Prints a row for each candidate: the least that a turn took, which the rest of the machine
/// disturbed least, and what that is of the raw loop's; of the CPU time the median of the ratios of
/// all turns as well, and between which of them the half in the middle is.
pub fn print(task: &Task, measured: &[Option<Vec<Figures>>]) {
    println!("\n{}\n", title(task));
    let single = task.kind == Kind::Single;
    if single {
        println!(
            "| | p50 µs | × raw | p99 µs | × raw | CPU ns a record | × raw | median | \
             half between | turns | peak RSS MB |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        );
    } else {
        println!(
            "| | CPU ns a record | × raw | median | half between | turns | records/s | × raw | MB/s | \
             peak RSS MB |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        );
    }
    let raw = measured[0].as_deref().expect("the raw loop is fast");
    for ((name, _), figures) in candidates::ALL.iter().zip(measured) {
        let Some(figures) = figures else {
            let seconds = LIMIT.as_secs();
            let empty = " |".repeat(if single { 9 } else { 8 });
            println!("| {name} | cut off after {seconds} s |{empty}");
            continue;
        };
        if figures.is_empty() {
            continue;
        }
        let records = task.records as f64;
        let ratio = |of: fn(&Figures) -> f64| least(figures, of) / least(raw, of);
        let cpu = least(figures, |figures| figures.cpu_seconds) / records * 1e9;
        let cpu_ratio = ratio(|figures| figures.cpu_seconds);
        let turns = figures.iter().zip(raw);
        let ratios = turns.map(|(own, raw)| own.cpu_seconds / raw.cpu_seconds);
        let [below, median, above] = percentiles(ratios, [25, 50, 75]);
        let ratios = format!(
            "{cpu_ratio:.2} | {median:.2} | {below:.2}, {above:.2} | {}",
            figures.len()
        );
        let peak = figures.iter().map(|f| f.peak_megabytes);
        let peak = peak.fold(0.0, f64::max);
        if single {
            let p50 = least(figures, |figures| figures.p50 * 1e3);
            let p99 = least(figures, |figures| figures.p99 * 1e3);
            println!(
                "| {name} | {p50:.1} | {:.2} | {p99:.0} | {:.2} | {cpu:.0} | {ratios} | \
                 {peak:.1} |",
                ratio(|figures| figures.p50),
                ratio(|figures| figures.p99),
            );
        } else {
            let seconds = least(figures, |figures| figures.seconds);
            let speed = records / seconds;
            let megabytes = speed * task.size as f64 / 1e6;
            println!(
                "| {name} | {cpu:.0} | {ratios} | {speed:.0} | {:.2} | {megabytes:.0} | \
                 {peak:.1} |",
                1.0 / ratio(|figures| figures.seconds),
            );
        }
    }
}

fn least(figures: &[Figures], of: fn(&Figures) -> f64) -> f64 {
    figures.iter().map(of).fold(f64::INFINITY, f64::min)
}

pub fn title(task: &Task) -> String {
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
