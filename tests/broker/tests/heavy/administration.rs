//! [`administration`]: what an administrator may ask for at great length.

use libkafka_protocol::messages::alter_partition_reassignments::{
    ReassignablePartition, ReassignableTopic,
};
use libkafka_protocol::messages::describe_configs::DescribeConfigsResource;
use libkafka_protocol::messages::incremental_alter_configs::{
    AlterConfigsResource, AlterableConfig,
};
use libkafka_protocol::messages::{
    AlterPartitionReassignmentsRequest, DescribeConfigsRequest, DescribeLogDirsRequest,
    ElectLeadersRequest, IncrementalAlterConfigsRequest,
};

use crate::running::Running;
use crate::{ask, connect, must};

/// All that an administrator may ask for at great length.
pub(crate) fn administration(program: &Running) {
    let documented = DescribeConfigsRequest {
        resources: vec![
            DescribeConfigsResource {
                resource_type: 4,
                resource_name: "1".into(),
                configuration_keys: None,
                ..Default::default()
            };
            5_000
        ],
        include_synonyms: true,
        include_documentation: true,
        ..Default::default()
    };
    assert_eq!(ask(&mut connect(program), 4, &documented), None);
    let partitions = (0..100_000).map(|n| ReassignablePartition {
        partition_index: n % 10_000,
        replicas: Some([1].into_iter().collect()),
        ..Default::default()
    });
    let moves = AlterPartitionReassignmentsRequest {
        topics: vec![ReassignableTopic {
            name: "wide".into(),
            partitions: partitions.collect(),
            ..Default::default()
        }],
        ..Default::default()
    };
    must(program, 1, &moves);
    let patterns = vec!["client_id=(\\pL{9}){9}"; 1_000].join(",");
    let subscription = |n| AlterConfigsResource {
        resource_type: 16,
        resource_name: format!("subscription-{n}"),
        configs: vec![AlterableConfig {
            name: "match".into(),
            value: Some(patterns.clone()),
            ..Default::default()
        }],
        ..Default::default()
    };
    let subscriptions = IncrementalAlterConfigsRequest {
        resources: (0..20).map(subscription).collect(),
        ..Default::default()
    };
    must(program, 1, &subscriptions);
    let all = ElectLeadersRequest {
        topic_partitions: None,
        ..Default::default()
    };
    must(program, 2, &all);
    let all = DescribeLogDirsRequest {
        topics: None,
        ..Default::default()
    };
    must(program, 5, &all);
}
