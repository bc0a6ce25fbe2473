//! The topics and the brokers that each message names.

use libkafka_protocol::constants::config_resource_type::TOPIC;
use libkafka_protocol::messages::*;

use crate::change::Change;
use crate::rewrite::{Rewrite, rewriter};

/// Messages with a list of topics, and the field with their name.
macro_rules! lists {
    ($($message:ident: $topics:ident $name:ident;)*) => {$(
        impl Rewrite for $message {
            fn rewrite(&mut self, change: &mut Change<'_>) {
                for topic in &mut self.$topics {
                    change.topic(&mut topic.$name);
                }
            }
        }
    )*};
}

lists! {
    ListOffsetsRequest: topics name;
    ListOffsetsResponse: topics name;
    OffsetForLeaderEpochRequest: topics topic;
    OffsetForLeaderEpochResponse: topics topic;
    OffsetCommitRequest: topics name;
    OffsetCommitResponse: topics name;
    OffsetDeleteRequest: topics name;
    OffsetDeleteResponse: topics name;
    TxnOffsetCommitRequest: topics name;
    TxnOffsetCommitResponse: topics name;
    DescribeProducersRequest: topics name;
    DescribeProducersResponse: topics name;
    CreateTopicsRequest: topics name;
    CreateTopicsResponse: topics name;
    CreatePartitionsRequest: topics name;
    CreatePartitionsResponse: results name;
    DeleteRecordsRequest: topics name;
    DeleteRecordsResponse: topics name;
}

/// Messages that name nothing.
macro_rules! nameless {
    ($($message:ident)*) => {$(
        impl Rewrite for $message {
            fn rewrite(&mut self, _: &mut Change<'_>) {}
        }
    )*};
}

nameless! {
    ApiVersionsRequest DescribeClusterRequest FindCoordinatorRequest
    ShareFetchRequest ShareAcknowledgeRequest
    ConsumerGroupHeartbeatResponse ShareGroupHeartbeatResponse ConsumerGroupDescribeRequest
}

/// All others: a block that changes what they name.
macro_rules! others {
    ($($message:ident($this:ident, $change:ident) $block:block)*) => {$(
        impl Rewrite for $message {
            fn rewrite(&mut self, $change: &mut Change<'_>) {
                let $this = self;
                $block
            }
        }
    )*};
}

impl Rewrite for ProduceRequest {
    fn rewrite(&mut self, change: &mut Change<'_>) {
        for topic in &mut self.topic_data {
            change.topic(&mut topic.name);
        }
    }

    fn is_answered(&self) -> bool {
        self.acks != 0
    }
}

others! {
    // A version that this proxy does not know could name brokers where it does not look.
    ApiVersionsResponse(response, change) {
        for api in &mut response.api_keys {
            if let Some(rewriter) = rewriter(api.api_key) {
                change.at_most(&mut api.max_version, rewriter.versions.max);
            }
        }
    }
    ProduceResponse(response, change) {
        for topic in &mut response.responses {
            change.topic(&mut topic.name);
        }
        for node in &mut response.node_endpoints {
            change.address(&mut node.host, &mut node.port);
        }
    }
    FetchRequest(request, change) {
        for topic in &mut request.topics {
            change.topic(&mut topic.topic);
        }
        for topic in &mut request.forgotten_topics_data {
            change.topic(&mut topic.topic);
        }
    }
    FetchResponse(response, change) {
        for topic in &mut response.responses {
            change.topic(&mut topic.topic);
        }
        for node in &mut response.node_endpoints {
            change.address(&mut node.host, &mut node.port);
        }
    }
    ShareFetchResponse(response, change) {
        for node in &mut response.node_endpoints {
            change.address(&mut node.host, &mut node.port);
        }
    }
    ShareAcknowledgeResponse(response, change) {
        for node in &mut response.node_endpoints {
            change.address(&mut node.host, &mut node.port);
        }
    }
    MetadataRequest(request, change) {
        for topic in request.topics.iter_mut().flatten() {
            topic.name.iter_mut().for_each(|name| change.topic(name));
        }
    }
    MetadataResponse(response, change) {
        for broker in &mut response.brokers {
            change.address(&mut broker.host, &mut broker.port);
        }
        for topic in &mut response.topics {
            topic.name.iter_mut().for_each(|name| change.topic(name));
        }
    }
    DescribeClusterResponse(response, change) {
        for broker in &mut response.brokers {
            change.address(&mut broker.host, &mut broker.port);
        }
    }
    FindCoordinatorResponse(response, change) {
        change.address(&mut response.host, &mut response.port);
        for coordinator in &mut response.coordinators {
            change.address(&mut coordinator.host, &mut coordinator.port);
        }
    }
    DescribeTopicPartitionsRequest(request, change) {
        for topic in &mut request.topics {
            change.topic(&mut topic.name);
        }
        if let Some(cursor) = &mut request.cursor {
            change.topic(&mut cursor.topic_name);
        }
    }
    DescribeTopicPartitionsResponse(response, change) {
        for topic in &mut response.topics {
            topic.name.iter_mut().for_each(|name| change.topic(name));
        }
        if let Some(cursor) = &mut response.next_cursor {
            change.topic(&mut cursor.topic_name);
        }
    }
    OffsetFetchRequest(request, change) {
        for topic in request.topics.iter_mut().flatten() {
            change.topic(&mut topic.name);
        }
        for topic in request.groups.iter_mut().flat_map(|group| &mut group.topics).flatten() {
            change.topic(&mut topic.name);
        }
    }
    OffsetFetchResponse(response, change) {
        for topic in &mut response.topics {
            change.topic(&mut topic.name);
        }
        for topic in response.groups.iter_mut().flat_map(|group| &mut group.topics) {
            change.topic(&mut topic.name);
        }
    }
    ConsumerGroupHeartbeatRequest(request, change) {
        for name in request.subscribed_topic_names.iter_mut().flatten() {
            change.topic(name);
        }
    }
    ConsumerGroupDescribeResponse(response, change) {
        for member in response.groups.iter_mut().flat_map(|group| &mut group.members) {
            for name in &mut member.subscribed_topic_names {
                change.topic(name);
            }
            for assignment in [&mut member.assignment, &mut member.target_assignment] {
                for topic in &mut assignment.topic_partitions {
                    change.topic(&mut topic.topic_name);
                }
            }
        }
    }
    ShareGroupHeartbeatRequest(request, change) {
        for name in request.subscribed_topic_names.iter_mut().flatten() {
            change.topic(name);
        }
    }
    AddPartitionsToTxnRequest(request, change) {
        let topics = request.transactions.iter_mut().flat_map(|transaction| &mut transaction.topics);
        for topic in topics.chain(&mut request.v3_and_below_topics) {
            change.topic(&mut topic.name);
        }
    }
    AddPartitionsToTxnResponse(response, change) {
        let results = response.results_by_transaction.iter_mut();
        let topics = results.flat_map(|result| &mut result.topic_results);
        for topic in topics.chain(&mut response.results_by_topic_v3_and_below) {
            change.topic(&mut topic.name);
        }
    }
    DeleteTopicsRequest(request, change) {
        for topic in &mut request.topics {
            topic.name.iter_mut().for_each(|name| change.topic(name));
        }
        for name in &mut request.topic_names {
            change.topic(name);
        }
    }
    DeleteTopicsResponse(response, change) {
        for topic in &mut response.responses {
            topic.name.iter_mut().for_each(|name| change.topic(name));
        }
    }
    DescribeConfigsRequest(request, change) {
        for resource in request.resources.iter_mut().filter(|r| r.resource_type == TOPIC) {
            change.topic(&mut resource.resource_name);
        }
    }
    DescribeConfigsResponse(response, change) {
        for resource in response.results.iter_mut().filter(|r| r.resource_type == TOPIC) {
            change.topic(&mut resource.resource_name);
        }
    }
    IncrementalAlterConfigsRequest(request, change) {
        for resource in request.resources.iter_mut().filter(|r| r.resource_type == TOPIC) {
            change.topic(&mut resource.resource_name);
        }
    }
    IncrementalAlterConfigsResponse(response, change) {
        for resource in response.responses.iter_mut().filter(|r| r.resource_type == TOPIC) {
            change.topic(&mut resource.resource_name);
        }
    }
}
