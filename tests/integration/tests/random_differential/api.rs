//! [`Api`]: an API by its number, with its messages as JSON.

use bytes::Bytes;
use libkafka_protocol::json::{FromJson, ToJson, Value};
use libkafka_protocol::messages::*;
use libkafka_protocol::{Request, StructSchema, Versions, frame};

/// An API that both brokers serve.
pub(crate) struct Api {
    pub(crate) key: i16,
    pub(crate) name: &'static str,
    pub(crate) versions: Versions,
    pub(crate) schema: &'static StructSchema,
    /// The frame of a request: version, correlation id, and the request as JSON.
    pub(crate) encode: fn(i16, i32, &Value) -> Vec<u8>,
    /// The response in a frame without its length.
    pub(crate) decode: fn(i16, &Bytes) -> Value,
}

const fn api<R: Request<Response: ToJson> + FromJson>() -> Api {
    Api {
        key: R::API_KEY.0,
        name: R::SCHEMA.name,
        versions: R::VERSIONS,
        schema: R::SCHEMA,
        encode: encode::<R>,
        decode: decode::<R>,
    }
}

fn encode<R: Request + FromJson>(version: i16, correlation_id: i32, request: &Value) -> Vec<u8> {
    let header = RequestHeader {
        request_api_key: R::API_KEY,
        request_api_version: version,
        correlation_id,
        client_id: Some("random".into()),
        ..Default::default()
    };
    let mut out = Vec::new();
    R::from_json(version, request)
        .and_then(|request| frame::encode_request(&header, &request, &mut out))
        .unwrap_or_else(|error| panic!("{} v{version}: {error}: {request}", R::SCHEMA.name));
    out
}

fn decode<R: Request<Response: ToJson>>(version: i16, frame: &Bytes) -> Value {
    frame::decode_response_exact::<R::Response>(version, frame)
        .and_then(|(_, response)| response.to_json(version))
        .unwrap_or_else(|error| panic!("{} v{version}: {error}", R::SCHEMA.name))
}

macro_rules! apis {
    ($($request:ident)*) => {
        /// Every API that the embedded broker serves.
        pub(crate) const APIS: &[Api] = &[$(api::<$request>(),)*];
    };
}

apis! {
    ProduceRequest FetchRequest ListOffsetsRequest MetadataRequest OffsetCommitRequest
    OffsetFetchRequest FindCoordinatorRequest JoinGroupRequest HeartbeatRequest LeaveGroupRequest
    SyncGroupRequest DescribeGroupsRequest ListGroupsRequest SaslHandshakeRequest
    ApiVersionsRequest CreateTopicsRequest DeleteTopicsRequest DeleteRecordsRequest
    InitProducerIdRequest OffsetForLeaderEpochRequest AddPartitionsToTxnRequest
    AddOffsetsToTxnRequest EndTxnRequest WriteTxnMarkersRequest TxnOffsetCommitRequest
    DescribeConfigsRequest SaslAuthenticateRequest CreatePartitionsRequest DeleteGroupsRequest
    IncrementalAlterConfigsRequest OffsetDeleteRequest DescribeClusterRequest
    DescribeProducersRequest DescribeTransactionsRequest ListTransactionsRequest
    ConsumerGroupHeartbeatRequest ConsumerGroupDescribeRequest DescribeTopicPartitionsRequest
    AlterConfigsRequest ElectLeadersRequest AlterPartitionReassignmentsRequest
    ListPartitionReassignmentsRequest DescribeAclsRequest CreateAclsRequest DeleteAclsRequest
    AlterReplicaLogDirsRequest DescribeLogDirsRequest DescribeDelegationTokenRequest
    DescribeClientQuotasRequest AlterClientQuotasRequest DescribeUserScramCredentialsRequest
    AlterUserScramCredentialsRequest DescribeQuorumRequest UpdateFeaturesRequest
    ListConfigResourcesRequest
}

/// The API with this name, with or without `Request` at its end.
pub(crate) fn named(name: &str) -> &'static Api {
    let found = APIS.iter().find(|api| api.short_name() == name);
    found.unwrap_or_else(|| panic!("no API {name}"))
}

impl Api {
    pub(crate) fn short_name(&self) -> &'static str {
        self.name.trim_end_matches("Request")
    }

    /// Whether it changes nothing, so that it can be asked again.
    pub(crate) fn only_reads(&self) -> bool {
        let name = self.short_name();
        name.starts_with("Describe")
            || name.starts_with("List")
            || name.starts_with("OffsetFor")
            || [
                "Metadata",
                "FindCoordinator",
                "OffsetFetch",
                "ConsumerGroupDescribe",
            ]
            .contains(&name)
    }
}
