//! What a broker can be told, and what not.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use libkafka_client::protocol::messages::{
    ApiVersionsRequest, DescribeClusterRequest, VoteRequest,
};
use libkafka_client::protocol::{ApiKey, KafkaWire};
use libkafka_client::{
    Client, ConfigResource, Error, Exchange, GroupOptions, Observer, OffsetSpec, PartitionFetcher,
    RetryMethod, Target,
};
use libkafka_testkafka::Version;

use crate::place::Place;
use libkafka_integration::try_patiently;

/// The APIs and versions of all exchanges.
#[derive(Default)]
struct Seen(Mutex<Vec<(ApiKey, i16)>>);

impl Observer for Seen {
    fn exchange(&self, exchange: &Exchange, error: Option<&Error>) {
        assert!(error.is_none(), "{error:?}");
        let seen = (exchange.api_key, exchange.version);
        self.0.lock().unwrap().push(seen);
    }
}

pub(crate) fn are_negotiated_once_a_connection(place: &Place) {
    let seen = Arc::new(Seen::default());
    let mut client = Client::new(place.config.clone().observer(seen.clone())).unwrap();
    let broker = client.api_versions(Target::Any).unwrap();
    let last_of = |api| {
        broker
            .iter()
            .find(|(key, _)| *key == api)
            .map(|(_, v)| v.max)
    };
    let fetch = match place.version {
        Version {
            major: 1, minor: 0, ..
        } => 6,
        Version {
            major: 1, minor: 1, ..
        } => 7,
        Version {
            major: 2, minor: 0, ..
        } => 8,
        Version {
            major: 2, minor: 8, ..
        } => 12,
        Version {
            major: 3, minor: 9, ..
        }
        | Version {
            major: 4, minor: 0, ..
        } => 17,
        Version {
            major: 4, minor: 4, ..
        } => 18,
        other => panic!("which version of Fetch does {other} have?"),
    };
    assert_eq!(last_of(ApiKey::FETCH), Some(fetch));

    client.broker_metadata().unwrap();
    client.broker_metadata().unwrap();
    let seen = seen.0.lock().unwrap();
    let of = |api| seen.iter().filter(move |(key, _)| *key == api);
    let asked: Vec<i16> = of(ApiKey::API_VERSIONS)
        .map(|(_, version)| *version)
        .collect();
    let newest = ApiVersionsRequest::VERSIONS.max;
    // From 2.4 on a broker says which versions of ApiVersions it has (KIP-511).
    let expected = match last_of(ApiKey::API_VERSIONS) {
        Some(last) if last >= newest => vec![newest],
        Some(last) if place.version >= Version::new(2, 4, 0) => vec![newest, last],
        _ => vec![newest, 0],
    };
    assert_eq!(asked, expected);
    assert_eq!(of(ApiKey::METADATA).count(), 2);
}

/// Something that came with some release.
struct News {
    what: &'static str,
    since: Option<Version>,
    call: fn(&Place, &mut Client, &mut PartitionFetcher) -> Result<(), Error>,
}

const fn since(major: u16, minor: u16) -> Option<Version> {
    Some(Version::new(major, minor, 0))
}

const NEWS: [News; 10] = [
    News {
        what: "DescribeConfigs v1, the first that Kafka 4 has",
        since: since(1, 1),
        call: |_, client, _| {
            let broker = ConfigResource::Broker(1);
            client.describe_configs(broker).map(drop)
        },
    },
    News {
        what: "OffsetForLeaderEpoch v2, the first that Kafka 4 has",
        since: since(2, 1),
        call: |_, _, fetcher| fetcher.end_of_epoch(0).map(drop),
    },
    News {
        what: "IncrementalAlterConfigs",
        since: since(2, 3),
        call: |_, client, _| client.alter_configs(ConfigResource::Broker(1), &[]),
    },
    News {
        what: "static members: a field that JoinGroup has from v5 on",
        since: since(2, 3),
        call: |place, client, _| {
            let options = GroupOptions::new().instance_id("me");
            let mut group = client.group_with(place.name("static"), options);
            let protocols = [("range", Bytes::new())];
            try_patiently(&mut group, |group| group.join(&protocols))?;
            group.leave()
        },
    },
    News {
        what: "DescribeCluster",
        since: since(2, 8),
        call: |_, client, _| client.call(&DescribeClusterRequest::default()).map(drop),
    },
    News {
        what: "the greatest timestamp",
        since: since(3, 0),
        call: |_, _, fetcher| fetcher.offset_of(OffsetSpec::MaxTimestamp).map(drop),
    },
    News {
        what: "the earliest local offset",
        since: since(3, 4),
        call: |_, _, fetcher| fetcher.offset_of(OffsetSpec::EarliestLocal).map(drop),
    },
    News {
        what: "the latest tiered offset",
        since: since(3, 9),
        call: |_, _, fetcher| fetcher.offset_of(OffsetSpec::LatestTiered).map(drop),
    },
    News {
        what: "the earliest offset to be uploaded",
        since: since(4, 2),
        call: |_, _, fetcher| {
            let position = OffsetSpec::EarliestPendingUpload;
            fetcher.offset_of(position).map(drop)
        },
    },
    News {
        what: "Vote, which is for controllers among themselves",
        since: None,
        call: |_, client, _| {
            let vote = VoteRequest::default();
            client.call_to(Target::Any, &vote).map(drop)
        },
    },
];

pub(crate) fn what_a_broker_is_too_old_for_is_an_error(place: &Place) {
    let mut client = place.client();
    let topic = place.create(&mut client, "news");
    let mut fetcher = client.fetcher(&topic, 0).unwrap();
    for News { what, since, call } in NEWS {
        let result = call(place, &mut client, &mut fetcher);
        if since.is_some_and(|since| place.version >= since) {
            result.unwrap_or_else(|error| panic!("{what}: {error}"));
            continue;
        }
        let error = result.expect_err(what);
        let typed = matches!(error, Error::Version { .. } | Error::Encode { .. });
        assert!(typed, "{what}: {error:?}");
        assert!(!error.possibly_written(), "{what}: {error:?}");
        assert_eq!(error.retry_method(), RetryMethod::GiveUp, "{what}");
        client.broker_metadata().unwrap();
    }
}
