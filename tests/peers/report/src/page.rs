//! The page: the machine, the rows that matter, and all that the parts printed.

use std::time::Duration;

use crate::part::{End, Outcome};
use crate::{machine, summary};

/// The page of a run that took so long.
pub fn page(outcomes: &[Outcome], took: Duration) -> String {
    let mut text = format!(
        "# Results\n\nWritten by `cargo run --release -p peers-report`. The [README](README.md) \
         explains what is measured and how. Ratios carry over to other machines, absolute times do \
         not.\n\nOne run of {} minutes on {}.\n\n## The rows that matter\n\n",
        took.as_secs().div_ceil(60),
        machine::name(),
    );
    text += &summary::summary(outcomes);
    for outcome in outcomes {
        text += &format!("\n## {}\n\n", outcome.part.title);
        text += outcome.printed.trim();
        text += "\n";
        match outcome.end {
            End::Whole => {}
            End::CutOff(limit) => {
                text += &format!("\n**Cut off after {} s.**\n", limit.as_secs());
            }
            End::Failed => text += "\n**Failed.**\n",
        }
    }
    text
}
