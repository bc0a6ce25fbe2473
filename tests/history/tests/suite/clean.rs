//! Clean histories.

use libkafka_history::{History, Report, check};
use proptest::prelude::*;

use crate::simulation::{history, rules, shapes};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn nothing_is_found_where_nothing_went_wrong(shape in shapes()) {
        let history = History::new(history(&shape));
        let found = check(&history, &rules());
        prop_assert_eq!(found, []);
    }

    #[test]
    fn a_history_survives_its_lines(shape in shapes()) {
        let written = History::new(history(&shape));
        let mut read = History::default();
        read.read(written.to_lines().as_bytes()).unwrap();
        prop_assert_eq!(read, written);
    }

    #[test]
    fn a_report_is_written_of_any_history_even_of_half_of_one(shape in shapes(), keep in 0..100u8) {
        let mut random = fastrand::Rng::with_seed(shape.seed);
        let mut events = history(&shape);
        events.retain(|_| random.u8(0..100) < keep);
        let report = Report::of(&History::new(events), &rules()).to_string();
        prop_assert!(report.contains("changes of owner"));
    }
}
