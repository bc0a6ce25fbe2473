//! The served APIs and their versions.

use libkafka_protocol::messages::*;
use libkafka_protocol::{ApiKey, KafkaWire, Request, Versions};

use crate::release::Release;

/// Passes the requests and responses of all served APIs to a macro: first those whose response can
/// tell a client to hold back, then the others.
macro_rules! for_each_served {
    ($callback:ident) => {
        $callback! {
            ProduceRequest -> ProduceResponse,
            FetchRequest -> FetchResponse,
            ListOffsetsRequest -> ListOffsetsResponse,
            MetadataRequest -> MetadataResponse,
            FindCoordinatorRequest -> FindCoordinatorResponse,
            ApiVersionsRequest -> ApiVersionsResponse,
            CreateTopicsRequest -> CreateTopicsResponse,
            DeleteTopicsRequest -> DeleteTopicsResponse,
            InitProducerIdRequest -> InitProducerIdResponse,
            AddPartitionsToTxnRequest -> AddPartitionsToTxnResponse,
            AddOffsetsToTxnRequest -> AddOffsetsToTxnResponse,
            TxnOffsetCommitRequest -> TxnOffsetCommitResponse,
            EndTxnRequest -> EndTxnResponse,
            DescribeProducersRequest -> DescribeProducersResponse,
            DescribeTransactionsRequest -> DescribeTransactionsResponse,
            ListTransactionsRequest -> ListTransactionsResponse,
            CreatePartitionsRequest -> CreatePartitionsResponse,
            DeleteRecordsRequest -> DeleteRecordsResponse,
            DescribeConfigsRequest -> DescribeConfigsResponse,
            DescribeTopicPartitionsRequest -> DescribeTopicPartitionsResponse,
            AlterConfigsRequest -> AlterConfigsResponse,
            ListConfigResourcesRequest -> ListConfigResourcesResponse,
            IncrementalAlterConfigsRequest -> IncrementalAlterConfigsResponse,
            AlterReplicaLogDirsRequest -> AlterReplicaLogDirsResponse,
            DescribeLogDirsRequest -> DescribeLogDirsResponse,
            ElectLeadersRequest -> ElectLeadersResponse,
            AlterPartitionReassignmentsRequest -> AlterPartitionReassignmentsResponse,
            ListPartitionReassignmentsRequest -> ListPartitionReassignmentsResponse,
            UpdateFeaturesRequest -> UpdateFeaturesResponse,
            DescribeAclsRequest -> DescribeAclsResponse,
            CreateAclsRequest -> CreateAclsResponse,
            DeleteAclsRequest -> DeleteAclsResponse,
            DescribeClientQuotasRequest -> DescribeClientQuotasResponse,
            AlterClientQuotasRequest -> AlterClientQuotasResponse,
            DescribeUserScramCredentialsRequest -> DescribeUserScramCredentialsResponse,
            AlterUserScramCredentialsRequest -> AlterUserScramCredentialsResponse,
            DescribeDelegationTokenRequest -> DescribeDelegationTokenResponse,
            DescribeClusterRequest -> DescribeClusterResponse,
            OffsetForLeaderEpochRequest -> OffsetForLeaderEpochResponse,
            JoinGroupRequest -> JoinGroupResponse,
            SyncGroupRequest -> SyncGroupResponse,
            HeartbeatRequest -> HeartbeatResponse,
            LeaveGroupRequest -> LeaveGroupResponse,
            OffsetCommitRequest -> OffsetCommitResponse,
            OffsetFetchRequest -> OffsetFetchResponse,
            OffsetDeleteRequest -> OffsetDeleteResponse,
            ListGroupsRequest -> ListGroupsResponse,
            DescribeGroupsRequest -> DescribeGroupsResponse,
            DeleteGroupsRequest -> DeleteGroupsResponse,
            ConsumerGroupHeartbeatRequest -> ConsumerGroupHeartbeatResponse,
            ConsumerGroupDescribeRequest -> ConsumerGroupDescribeResponse,
            ;
            unthrottled
            DescribeQuorumRequest -> DescribeQuorumResponse,
            WriteTxnMarkersRequest -> WriteTxnMarkersResponse,
            SaslHandshakeRequest -> SaslHandshakeResponse,
            SaslAuthenticateRequest -> SaslAuthenticateResponse,
        }
    };
}
pub(super) use for_each_served;

macro_rules! list {
    ($($request:ident -> $response:ident,)* ; unthrottled $($plain:ident -> $plain_response:ident,)*) => {
        [
            $(($request::API_KEY, $request::VERSIONS),)*
            $(($plain::API_KEY, $plain::VERSIONS),)*
        ]
    };
}

/// The served APIs, each with its versions.
pub(crate) fn served(release: Option<Release>) -> Vec<(ApiKey, Versions)> {
    let all = for_each_served!(list).into_iter();
    let served = all.map(|(api, defined)| (api, versions(api, defined, release)));
    served
        .filter(|(_, versions)| !versions.is_empty())
        .collect()
}

/// The versions in which an API is served: those of Kafka 4.4.0 except unstable ones, limited to
/// those of an older `release`.
pub(super) fn versions(api: ApiKey, defined: Versions, release: Option<Release>) -> Versions {
    let stable = match api {
        ApiKey::INIT_PRODUCER_ID => defined.intersect(Versions::new(0, 5)),
        _ => defined,
    };
    release.map_or(stable, |release| release.limit(api, stable))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_handler_opens_with_the_versions_that_are_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api");
        for (api, versions) in served(None) {
            let mut file = String::new();
            for letter in api.name().expect("a known API").chars() {
                if letter.is_uppercase() && !file.is_empty() {
                    file.push('_');
                }
                file.extend(letter.to_lowercase());
            }
            let text = fs::read_to_string(folder.join(format!("{file}.rs")));
            let line = match (versions.min, versions.max) {
                (0, 0) => "//! Version 0.\n".to_owned(),
                (min, max) => format!("//! Versions {min} to {max}.\n"),
            };
            assert!(text.expect("a handler").contains(&line), "{file}: {line}");
        }
    }
}
