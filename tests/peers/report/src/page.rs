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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::page;
    use crate::part::{End, Outcome, PARTS};

    fn page_of(end: End, took: Duration) -> String {
        let outcome = Outcome {
            part: &PARTS[1],
            printed: "\n\nEncode a\n\n| | µs |\n| --- | ---: |\n| **libkafka-batch** | 5.00 |\n\n"
                .to_owned(),
            end,
        };
        page(&[outcome], took)
    }

    #[test]
    fn a_page_opens_with_the_machine_and_the_rows_that_matter() {
        let page = page_of(End::Whole, Duration::from_secs(61));
        assert!(page.starts_with("# Results\n\n"), "{page}");
        assert!(page.contains("One run of 2 minutes on "), "{page}");
        let rows = page.find("## The rows that matter").expect("a heading");
        assert!(rows < page.find("## Record batches").expect("a heading"));
        assert!(page[rows..].contains("| build a batch of 1,000 records of 100 B, µs | 5.00 |"));
    }

    #[test]
    fn what_a_part_printed_comes_below_its_title_without_empty_lines_around_it() {
        let page = page_of(End::Whole, Duration::ZERO);
        assert!(page.ends_with(
            "\n## Record batches\n\nEncode a\n\n| | µs |\n| --- | ---: |\n| **libkafka-batch** | 5.00 |\n"
        ));
    }

    #[test]
    fn a_part_that_reached_its_limit_or_failed_is_marked() {
        let limit = Duration::from_secs(90);
        let page = page_of(End::CutOff(limit), Duration::ZERO);
        assert!(page.ends_with("\n\n**Cut off after 90 s.**\n"), "{page}");
        let page = page_of(End::Failed, Duration::ZERO);
        assert!(page.ends_with("\n\n**Failed.**\n"), "{page}");
    }
}
