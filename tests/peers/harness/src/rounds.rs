//! Rounds: how many there are, and what they come to.

use std::env;

/// How often each candidate has its turn: what the environment variable `ROUNDS` says.
pub fn rounds(default: usize) -> usize {
    let said = env::var("ROUNDS").ok();
    said.and_then(|rounds| rounds.parse().ok())
        .unwrap_or(default)
}

/// The value in the middle of all rounds; the higher of two.
///
/// # Panics
///
/// Panics if there is none.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let [median] = percentiles(values, [50]);
    median
}

/// The values of all rounds below which so many percent of them are.
///
/// # Panics
///
/// Panics if there are no rounds, or for 100 percent.
pub fn percentiles<const N: usize>(
    values: impl IntoIterator<Item = f64>,
    percents: [usize; N],
) -> [f64; N] {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    percents.map(|percent| values[values.len() * percent / 100])
}
