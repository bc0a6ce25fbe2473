//! [`Release`]: what the broker of an older release supports.

use libkafka_protocol::{ApiKey, Versions};

/// The APIs and versions of a release of Kafka; passed to
/// [`Builder::max_versions`](crate::Builder::max_versions).
///
/// Versions that Kafka 4.4.0 has dropped are not included, and an API all of whose versions it has
/// dropped is not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release {
    /// The last version of each API, by its key.
    last: &'static [(i16, i16)],
}

impl Release {
    /// The part of `versions` of an API that the release has; empty if it lacks the API.
    pub(crate) fn limit(self, api: ApiKey, versions: Versions) -> Versions {
        let last = self.last.iter().find(|(key, _)| *key == api.0);
        match last {
            Some((_, last)) => versions.intersect(Versions::new(0, *last)),
            None => Versions::NONE,
        }
    }
}

/// Kafka 2.8: the last release before fetching by topic id, and with ZooKeeper.
#[rustfmt::skip]
pub const KAFKA_2_8: Release = Release {
    last: &[
        (0, 9), (1, 12), (2, 6), (3, 11), (8, 8), (9, 7), (10, 3), (11, 7), (12, 4), (13, 4),
        (14, 5), (15, 5), (16, 4), (17, 1), (18, 3), (19, 7), (20, 6), (21, 2), (22, 4), (23, 4),
        (24, 3), (25, 3), (26, 3), (27, 1), (28, 3), (29, 2), (30, 2), (31, 2), (32, 4), (33, 2),
        (34, 2), (35, 2), (36, 2), (37, 3), (38, 2), (39, 2), (40, 2), (41, 2), (42, 2), (43, 2),
        (44, 1), (45, 0), (46, 0), (47, 0), (48, 1), (49, 1), (50, 0), (51, 0), (60, 0), (61, 0),
    ],
};
