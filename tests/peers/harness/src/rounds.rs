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
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
