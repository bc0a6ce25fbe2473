//! Members whose first broker is wrong, or too old.

use std::time::Duration;

use libkafka_client::assignor::Range;
use libkafka_client::membership::{
    ClassicOptions, ConsumerOptions, Event, GenerationOrEpoch, LeaveOptions, Membership,
    StopReason, Subscription,
};
use libkafka_client::protocol::ApiKey;
use libkafka_client::protocol::messages::FindCoordinatorRequest;
use libkafka_client::{Client, Config, GroupMember};

use libkafka_testbroker::{Broker, Fault, KAFKA_2_8};

use crate::group_members::{drive, eager_heartbeats};

fn client(broker: &Broker) -> Client {
    let every: Vec<_> = broker
        .ids()
        .into_iter()
        .map(|id| broker.address(id))
        .collect();
    let every: Vec<String> = every.iter().map(ToString::to_string).collect();
    Client::new(Config::new(every.join(","))).unwrap()
}

fn classic() -> Membership {
    let options = eager_heartbeats().assignor(Range);
    Membership::classic("g", Subscription::topics(["t"]), options)
}

fn consumer(options: ConsumerOptions) -> Membership {
    Membership::consumer("g", "m", Subscription::topics(["t"]), options)
}

fn owns_all(member: &GroupMember) -> bool {
    member.membership().claims().count() == 2
}

/// A node says that it coordinates the group itself, which it does not.
fn asks_another_broker(membership: impl Fn() -> Membership) {
    let broker = Broker::builder().nodes(3).topic("t", 2).start().unwrap();
    broker.set_coordinator("g", 3);
    let address = broker.address(1);
    let fault = Fault::on(ApiKey::FIND_COORDINATOR).node(1);
    let believes = broker.inject(fault.alter::<FindCoordinatorRequest>(move |_, response| {
        let found = &mut response.coordinators[0];
        found.node_id = 1;
        found.port = address.port().into();
    }));
    // Which node is asked first is left to chance.
    for _ in 0..100 {
        let mut member = client(&broker).group_member(membership());
        drive(&mut member, owns_all);
        member.leave(LeaveOptions::default()).unwrap();
        if believes.hits() > 0 {
            return;
        }
    }
}

#[test]
fn a_classic_member_asks_another_broker_where_its_coordinator_is_than_one_that_was_wrong() {
    asks_another_broker(classic);
}

#[test]
fn a_member_of_kip_848_asks_another_broker_where_its_coordinator_is_than_one_that_was_wrong() {
    asks_another_broker(|| consumer(ConsumerOptions::default()));
}

#[test]
fn a_member_of_kip_848_is_a_classic_one_of_an_older_broker_if_its_options_say_how() {
    let older = Broker::builder().max_versions(KAFKA_2_8).topic("t", 2);
    let older = older.start().unwrap();
    let classic: ClassicOptions = eager_heartbeats().assignor(Range);
    let options = ConsumerOptions::default().fallback(classic);
    let mut member = client(&older).group_member(consumer(options));
    drive(&mut member, owns_all);
    let identity = member.membership().identity().unwrap();
    let generation = identity.generation_or_epoch;
    assert!(
        matches!(generation, GenerationOrEpoch::Generation(_)),
        "{identity:?}"
    );
    member.leave(LeaveOptions::default()).unwrap();
    assert!(older.members("g").is_empty());

    let mut member = client(&older).group_member(consumer(ConsumerOptions::default()));
    let event = member.wait(Duration::from_secs(60)).unwrap();
    let why = StopReason::Unsupported;
    assert_eq!(event, Some(Event::Stopped { why }));
}
