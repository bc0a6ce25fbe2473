//! Types that may go to another thread, or be used by several.

use libkafka_client::{
    Client, Config, Error, Exchange, Group, GroupMember, Offsets, PartitionFetcher,
    PartitionProducer, ProduceLane, Producer, RetryPolicy, Stop, Topology,
};

fn is_send<T: Send>() {}

fn is_send_and_sync<T: Send + Sync>() {}

#[test]
fn clients_and_their_ends_may_move_to_another_thread_and_plain_values_be_shared() {
    is_send::<Client>();
    is_send::<PartitionProducer>();
    is_send::<PartitionFetcher>();
    is_send::<ProduceLane>();
    is_send::<Group>();
    is_send::<GroupMember>();
    is_send::<Offsets>();
    is_send_and_sync::<Config>();
    is_send_and_sync::<Error>();
    is_send_and_sync::<Exchange>();
    is_send_and_sync::<Producer>();
    is_send_and_sync::<RetryPolicy>();
    is_send_and_sync::<Stop>();
    is_send_and_sync::<Topology>();
}
