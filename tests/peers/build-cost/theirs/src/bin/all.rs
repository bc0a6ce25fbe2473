//! Decodes and encodes every message.
use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::*;
use kafka_protocol::protocol::{Decodable, Encodable, Message};

fn round_trip<T: Decodable + Encodable + Message>(version: i16, bytes: &Bytes, out: &mut BytesMut) {
    match T::decode(&mut bytes.clone(), version) {
        Ok(message) => drop(message.encode(out, version)),
        Err(error) => println!("{error}"),
    }
}

fn main() {
    let bytes = Bytes::from(std::env::args().nth(1).unwrap_or_default().into_bytes());
    let mut out = BytesMut::new();
    macro_rules! round_trips {
        ($($message:ident)*) => {
            $(round_trip::<$message>($message::VERSIONS.max, &bytes, &mut out);)*
        };
    }
    round_trips! {
        AddOffsetsToTxnRequest AddOffsetsToTxnResponse AddPartitionsToTxnRequest
        AddPartitionsToTxnResponse AddRaftVoterRequest AddRaftVoterResponse
        AllocateProducerIdsRequest AllocateProducerIdsResponse AlterClientQuotasRequest
        AlterClientQuotasResponse AlterConfigsRequest AlterConfigsResponse
        AlterPartitionReassignmentsRequest AlterPartitionReassignmentsResponse
        AlterPartitionRequest AlterPartitionResponse AlterReplicaLogDirsRequest
        AlterReplicaLogDirsResponse AlterShareGroupOffsetsRequest AlterShareGroupOffsetsResponse
        AlterUserScramCredentialsRequest AlterUserScramCredentialsResponse
        ApiVersionsRequest ApiVersionsResponse AssignReplicasToDirsRequest
        AssignReplicasToDirsResponse BeginQuorumEpochRequest BeginQuorumEpochResponse
        BrokerHeartbeatRequest BrokerHeartbeatResponse BrokerRegistrationRequest
        BrokerRegistrationResponse ConsumerGroupDescribeRequest ConsumerGroupDescribeResponse
        ConsumerGroupHeartbeatRequest ConsumerGroupHeartbeatResponse ConsumerProtocolAssignment
        ConsumerProtocolSubscription ControllerRegistrationRequest ControllerRegistrationResponse
        CreateAclsRequest CreateAclsResponse CreateDelegationTokenRequest
        CreateDelegationTokenResponse CreatePartitionsRequest CreatePartitionsResponse
        CreateTopicsRequest CreateTopicsResponse DefaultPrincipalData DeleteAclsRequest
        DeleteAclsResponse DeleteGroupsRequest DeleteGroupsResponse DeleteRecordsRequest
        DeleteRecordsResponse DeleteShareGroupOffsetsRequest DeleteShareGroupOffsetsResponse
        DeleteShareGroupStateRequest DeleteShareGroupStateResponse DeleteTopicsRequest
        DeleteTopicsResponse DescribeAclsRequest DescribeAclsResponse DescribeClientQuotasRequest
        DescribeClientQuotasResponse DescribeClusterRequest DescribeClusterResponse
        DescribeConfigsRequest DescribeConfigsResponse DescribeDelegationTokenRequest
        DescribeDelegationTokenResponse DescribeGroupsRequest DescribeGroupsResponse
        DescribeLogDirsRequest DescribeLogDirsResponse DescribeProducersRequest
        DescribeProducersResponse DescribeQuorumRequest DescribeQuorumResponse
        DescribeShareGroupOffsetsRequest DescribeShareGroupOffsetsResponse
        DescribeTopicPartitionsRequest DescribeTopicPartitionsResponse
        DescribeTransactionsRequest DescribeTransactionsResponse
        DescribeUserScramCredentialsRequest DescribeUserScramCredentialsResponse
        ElectLeadersRequest ElectLeadersResponse EndQuorumEpochRequest EndQuorumEpochResponse
        EndTxnMarker EndTxnRequest EndTxnResponse EnvelopeRequest EnvelopeResponse
        ExpireDelegationTokenRequest ExpireDelegationTokenResponse FetchRequest FetchResponse
        FetchSnapshotRequest FetchSnapshotResponse FindCoordinatorRequest FindCoordinatorResponse
        GetTelemetrySubscriptionsRequest GetTelemetrySubscriptionsResponse HeartbeatRequest
        HeartbeatResponse IncrementalAlterConfigsRequest IncrementalAlterConfigsResponse
        InitProducerIdRequest InitProducerIdResponse InitializeShareGroupStateRequest
        InitializeShareGroupStateResponse JoinGroupRequest JoinGroupResponse KRaftVersionRecord
        LeaderChangeMessage LeaveGroupRequest LeaveGroupResponse ListConfigResourcesRequest
        ListConfigResourcesResponse ListGroupsRequest ListGroupsResponse ListOffsetsRequest
        ListOffsetsResponse ListPartitionReassignmentsRequest ListPartitionReassignmentsResponse
        ListTransactionsRequest ListTransactionsResponse MetadataRequest MetadataResponse
        OffsetCommitRequest OffsetCommitResponse OffsetDeleteRequest OffsetDeleteResponse
        OffsetFetchRequest OffsetFetchResponse OffsetForLeaderEpochRequest
        OffsetForLeaderEpochResponse ProduceRequest ProduceResponse PushTelemetryRequest
        PushTelemetryResponse ReadShareGroupStateRequest ReadShareGroupStateResponse
        ReadShareGroupStateSummaryRequest ReadShareGroupStateSummaryResponse
        RemoveRaftVoterRequest RemoveRaftVoterResponse RenewDelegationTokenRequest
        RenewDelegationTokenResponse RequestHeader ResponseHeader SaslAuthenticateRequest
        SaslAuthenticateResponse SaslHandshakeRequest SaslHandshakeResponse
        ShareAcknowledgeRequest ShareAcknowledgeResponse ShareFetchRequest ShareFetchResponse
        ShareGroupDescribeRequest ShareGroupDescribeResponse ShareGroupHeartbeatRequest
        ShareGroupHeartbeatResponse SnapshotFooterRecord SnapshotHeaderRecord SyncGroupRequest
        SyncGroupResponse TxnOffsetCommitRequest TxnOffsetCommitResponse UnregisterBrokerRequest
        UnregisterBrokerResponse UpdateFeaturesRequest UpdateFeaturesResponse
        UpdateRaftVoterRequest UpdateRaftVoterResponse VoteRequest VoteResponse VotersRecord
        WriteShareGroupStateRequest WriteShareGroupStateResponse WriteTxnMarkersRequest
        WriteTxnMarkersResponse
    }
    println!("{} bytes", out.len());
}
