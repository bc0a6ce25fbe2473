//! Members with their connections.

use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_client::assignor::{CooperativeSticky, Range};
use libkafka_client::membership::{
    ClassicOptions, ConsumerOptions, Event, LeaveOptions, LostReason, Membership, Subscription,
};
use libkafka_client::protocol::ErrorCode;
use libkafka_client::{
    Client, Config, Deadline, FetchLaneOptions, FetchOutcome, GroupMember, GroupOptions,
    SharedMember, Waker, wait,
};
use libkafka_integration::{batch, until};

use libkafka_testbroker::Broker;

use crate::on_both;
use crate::topics::{client, create};

/// Far longer than anything takes: a busy machine is no failure.
const LONG: Duration = Duration::from_secs(60);

/// Gives up what is wanted back, until `done` says that it is enough.
pub(crate) fn drive(member: &mut GroupMember, mut done: impl FnMut(&GroupMember) -> bool) {
    let deadline = Instant::now() + LONG;
    while !done(member) {
        assert!(Instant::now() < deadline, "{member:?}");
        member.polled();
        if let Some(Event::Revoking { claims, .. }) =
            member.wait(Duration::from_millis(100)).unwrap()
        {
            member.release(&claims);
        }
    }
}

/// Drives both in turn.
fn drive_both(one: &mut GroupMember, two: &mut GroupMember, owned: [usize; 2]) {
    let deadline = Instant::now() + LONG;
    while [
        one.membership().claims().count(),
        two.membership().claims().count(),
    ] != owned
    {
        assert!(Instant::now() < deadline, "{one:?} {two:?}");
        for member in [&mut *one, &mut *two] {
            if let Some(Event::Revoking { claims, .. }) =
                member.wait(Duration::from_millis(20)).unwrap()
            {
                member.release(&claims);
            }
        }
    }
}

fn share_a_topic(client: &mut Client, topic: &str, member: impl Fn(&str) -> Membership) {
    create(client, topic, 4, &[]);
    let mut one = client.group_member(member("one"));
    drive(&mut one, |one| one.membership().claims().count() == 4);
    let mut two = client.group_member(member("two"));
    drive_both(&mut one, &mut two, [2, 2]);
    two.leave(LeaveOptions::default()).unwrap();
    assert!(two.is_over());
    drive(&mut one, |one| one.membership().claims().count() == 4);
    one.leave(LeaveOptions::default()).unwrap();
}

pub(crate) fn eager_heartbeats() -> ClassicOptions {
    ClassicOptions::default()
        .session_timeout(LONG)
        .heartbeat_interval(Duration::from_millis(200))
}

on_both! {
    fn members_of_a_classic_group_share_a_topic(cluster) {
        let mut client = client(cluster);
        share_a_topic(&mut client, "classic-share", |_| {
            let subscription = Subscription::topics(["classic-share"]);
            Membership::classic("classic-share", subscription, eager_heartbeats().assignor(Range))
        });
    }

    fn cooperative_members_share_a_topic(cluster) {
        let mut client = client(cluster);
        share_a_topic(&mut client, "cooperative-share", |_| {
            let subscription = Subscription::regex("cooperative-.*").unwrap();
            let options = eager_heartbeats().assignor(CooperativeSticky);
            Membership::classic("cooperative-share", subscription, options)
        });
    }

    fn members_of_kip_848_share_a_topic(cluster) {
        let mut client = client(cluster);
        share_a_topic(&mut client, "consumer-share", |name| {
            let subscription = Subscription::topics(["consumer-share"]);
            let id = format!("consumer-share-{name}");
            Membership::consumer("consumer-share", id, subscription, ConsumerOptions::default())
        });
    }

    fn a_keeper_keeps_the_partitions_of_a_member_whose_owner_is_busy(cluster) {
        let mut client = client(cluster);
        create(&mut client, "kept", 2, &[]);
        let subscription = Subscription::topics(["kept"]);
        // The shortest that brokers allow.
        let options = eager_heartbeats().session_timeout(Duration::from_secs(6));
        let membership = Membership::classic("kept", subscription, options.assignor(Range));
        let mut member = client.group_member(membership);
        drive(&mut member, |member| member.membership().claims().count() == 2);
        let claims: Vec<_> = member.membership().claims().cloned().collect();
        let member = SharedMember::new(member).unwrap();
        thread::scope(|scope| {
            let keeper = member.keeper();
            let kept = scope.spawn(move || keeper.run());
            // As long as a session, a handler has nothing else to do than to look at its claims.
            let busy = Instant::now();
            while busy.elapsed() < Duration::from_secs(7) {
                thread::park_timeout(Duration::from_millis(100));
                assert!(claims.iter().all(|claim| !claim.is_wanted_back()));
            }
            until(|| (member.lock().time_left()? > Duration::from_secs(4)).then_some(()));
            member.stop_keepers();
            kept.join().unwrap().unwrap();
        });
        let mut member = member.lock();
        assert_eq!(member.next_event(), None);
        member.leave(LeaveOptions::default()).unwrap();
        assert!(matches!(
            member.next_event(),
            Some(Event::Lost { why: LostReason::Left, .. })
        ));
    }

    fn a_member_and_lanes_are_waited_for_in_one_wait(cluster) {
        let mut client = client(cluster);
        create(&mut client, "waited", 2, &[]);
        let subscription = Subscription::topics(["waited"]);
        let membership = Membership::classic("waited", subscription, eager_heartbeats().assignor(Range));
        let mut member = client.group_member(membership);
        let topology = client.topology(["waited"]).unwrap();
        let leader = topology.leader("waited", 0).unwrap();
        let mut lane = client.fetch_lane(leader.id, FetchLaneOptions::new()).unwrap();
        let waker = Waker::new().unwrap();
        let mut read = Vec::new();
        let deadline = Instant::now() + LONG;
        while read.len() < 2 {
            assert!(Instant::now() < deadline, "{member:?} {lane:?}");
            member.polled();
            member.advance().unwrap();
            member.assign();
            lane.advance().unwrap();
            if let Some(event) = member.next_event() {
                let Event::Assigned { claims } = event else { panic!("{event:?}") };
                for claim in claims {
                    lane.set(claim.partition().clone(), 0, leader);
                    let mut producer = client.producer("waited", claim.partition().partition).unwrap();
                    producer.produce(batch(&["value"])).unwrap();
                }
                continue;
            }
            while let Some(fetch) = lane.next_fetch() {
                if let FetchOutcome::Records(_) = fetch.result.unwrap() {
                    read.push(fetch.partition.partition);
                }
            }
            wait(&[&member, &lane, &waker], Deadline::at(deadline)).unwrap();
        }
        read.sort_unstable();
        assert_eq!(read, [0, 1]);
        member.leave(LeaveOptions::default()).unwrap();
    }

    fn a_join_is_on_the_way_while_the_group_is_asked_other_things(cluster) {
        let client = client(cluster);
        let options = GroupOptions::new()
            .session_timeout(LONG)
            .rebalance_timeout(LONG);
        let mut group = client.group_with("halves", options);
        let protocols = [("range", Bytes::from_static(b"mine"))];
        let deadline = Instant::now() + LONG;
        let joined = 'joined: loop {
            assert!(Instant::now() < deadline);
            if group.send_join(&protocols, Some("to see how it is")).is_err() {
                continue;
            }
            loop {
                match group.collect_join() {
                    Ok(Some(joined)) => break 'joined joined,
                    Ok(None) => {
                        wait(&[&group], Deadline::after(Duration::from_secs(1))).unwrap();
                    }
                    // The coordinator is only just getting there.
                    Err(_) => break,
                }
            }
        };
        assert_eq!(group.generation(), Some(joined.generation));
        let assignments = [(joined.member_id.as_str(), Bytes::from_static(b"all"))];
        group.send_sync(&assignments).unwrap();
        let all = loop {
            if let Some(all) = group.collect_sync().unwrap() {
                break all;
            }
            wait(&[&group], Deadline::after(LONG)).unwrap();
        };
        assert_eq!(all, "all");
        group.heartbeat().unwrap();
        // Another member has this one join again, which is held back until that one has.
        let options = GroupOptions::new().session_timeout(LONG);
        let mut other = client.group_with("halves", options);
        other.send_join(&protocols, None).unwrap();
        let code = loop {
            assert!(other.collect_join().unwrap().is_none());
            if let Err(error) = group.heartbeat() {
                break error.code();
            }
        };
        assert_eq!(code, Some(ErrorCode::REBALANCE_IN_PROGRESS));
        group.leave_with_reason(Some("enough seen")).unwrap();
        let joined = loop {
            if let Some(joined) = other.collect_join().unwrap() {
                break joined;
            }
            wait(&[&other], Deadline::after(LONG)).unwrap();
        };
        assert!(joined.is_leader());
        other.leave().unwrap();
    }
}

#[test]
fn nobody_waits_longer_than_he_says_for_a_broker_that_is_silent() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let client = Client::new(Config::new(address.to_string())).unwrap();
    let subscription = Subscription::topics(["t"]);
    let membership = Membership::classic("g", subscription, eager_heartbeats().assignor(Range));
    let mut member = client.group_member(membership);
    let started = Instant::now();
    assert!(member.wait(Duration::from_millis(300)).unwrap().is_none());
    assert!(started.elapsed() < Duration::from_secs(10));
    let started = Instant::now();
    member.leave(LeaveOptions::default()).unwrap();
    assert!(started.elapsed() < Duration::from_secs(10));
}

/// The coordinator moves, and its node goes away: no rebalance, nothing lost.
fn follows_its_coordinator(membership: Membership) {
    let broker = Broker::builder()
        .nodes(3)
        .config("group.consumer.heartbeat.interval.ms", "500")
        .topic("followed", 2)
        .start()
        .unwrap();
    let group = membership.group_id().to_owned();
    broker.set_coordinator(&group, 1);
    let client = Client::new(Config::new(broker.bootstrap())).unwrap();
    let mut member = client.group_member(membership);
    drive(&mut member, |member| {
        member.membership().claims().count() == 2
    });
    while member.next_event().is_some() {}
    let claims: Vec<_> = member.membership().claims().cloned().collect();
    let identity = member.membership().identity();
    let session_ends = |member: &GroupMember| Instant::now() + member.time_left().unwrap();
    let is_heard_of = |member: &mut GroupMember| {
        let before = session_ends(member) + Duration::from_millis(100);
        let deadline = Instant::now() + LONG;
        while session_ends(member) < before {
            assert!(Instant::now() < deadline, "{member:?}");
            assert_eq!(member.wait(Duration::from_millis(50)).unwrap(), None);
        }
    };
    broker.set_coordinator(&group, 2);
    is_heard_of(&mut member);
    broker.set_coordinator(&group, 3);
    broker.stop_node(2);
    is_heard_of(&mut member);
    assert!(claims.iter().all(|claim| !claim.is_wanted_back()));
    assert_eq!(member.membership().identity(), identity);
    member.leave(LeaveOptions::default()).unwrap();
    assert!(broker.members(&group).is_empty());
}

#[test]
fn a_classic_member_follows_its_coordinator_and_loses_nothing() {
    let subscription = Subscription::topics(["followed"]);
    follows_its_coordinator(Membership::classic(
        "g",
        subscription,
        eager_heartbeats().assignor(Range),
    ));
}

#[test]
fn a_member_of_kip_848_follows_its_coordinator_and_loses_nothing() {
    let subscription = Subscription::topics(["followed"]);
    let options = ConsumerOptions::default();
    follows_its_coordinator(Membership::consumer("g", "m", subscription, options));
}
