//! A thousand random rounds.

use std::collections::BTreeSet;
use std::thread;
use std::time::Instant;

use fastrand::Rng;
use libkafka_client::membership::Claim;
use libkafka_client::{ConsumerOptions, Polled, TopicPartition};

use super::*;

const PARTITIONS: i32 = 6;

/// A member and what it may be given.
struct Member {
    consumer: libkafka_client::Consumer,
    paused: BTreeSet<TopicPartition>,
    claims: Vec<Claim>,
}

#[test]
fn no_partition_with_data_is_idle_over_a_thousand_rounds_of_pauses_and_rebalances() {
    let broker = broker(PARTITIONS);
    for partition in 0..PARTITIONS {
        broker.move_leader("t", partition, partition % 3 + 1);
    }
    let client = client(&broker);
    let mut rng = Rng::with_seed(7);
    let mut producers: Vec<_> = (0..PARTITIONS)
        .map(|n| self::client(&broker).producer("t", n).unwrap())
        .collect();
    let mut produced = vec![0_i64; PARTITIONS as usize];
    let mut read = vec![0_i64; PARTITIONS as usize];
    let mut members: Vec<Member> = Vec::new();
    let mut begun = 0;
    for round in 0..1000 {
        match rng.u32(0..20) {
            0 if members.len() < 3 => {
                begun += 1;
                let member = Kind::Cooperative.member("g", "t", &begun.to_string());
                members.push(Member {
                    consumer: client.consumer(member, ConsumerOptions::new()).unwrap(),
                    paused: BTreeSet::new(),
                    claims: Vec::new(),
                });
            }
            1 if members.len() > 1 => {
                let member = members.swap_remove(rng.usize(0..members.len()));
                // The others have to go on with the rebalance in which it may be.
                thread::scope(|scope| {
                    let closing = scope.spawn(|| member.consumer.close(LONG));
                    while !closing.is_finished() {
                        members.iter_mut().for_each(|other| other.poll(&mut read));
                    }
                    closing.join().unwrap().unwrap();
                });
            }
            2..8 if !members.is_empty() => {
                let member = rng.usize(0..members.len());
                let Member {
                    consumer,
                    paused,
                    claims,
                } = &mut members[member];
                if let Some(claim) = rng.choice(claims.iter()) {
                    if paused.remove(claim.partition()) {
                        assert!(consumer.resume(claim));
                    } else if consumer.pause(claim) {
                        paused.insert(claim.partition().clone());
                    }
                }
            }
            _ => {
                let partition = rng.usize(0..producers.len());
                producers[partition].produce(batch(&["value"])).unwrap();
                produced[partition] += 1;
            }
        }
        for member in &mut members {
            member.poll(&mut read);
        }
        if round % 50 == 49 && !members.is_empty() {
            // Whatever is not paused is read to its end.
            let deadline = Instant::now() + LONG;
            while !all_read(&members, &produced, &read) {
                assert!(
                    Instant::now() < deadline,
                    "round {round}: {produced:?} {read:?}"
                );
                for member in &mut members {
                    member.poll(&mut read);
                }
            }
        }
    }
    assert!(begun > 3, "{begun}");
}

/// Whether every partition has an owner, and all that is not paused was read.
fn all_read(members: &[Member], produced: &[i64], read: &[i64]) -> bool {
    (0..PARTITIONS).all(|partition| {
        let at = TopicPartition::new("t", partition);
        let owners = members.iter();
        let mut owners = owners.filter(|m| m.claims.iter().any(|c| *c.partition() == at));
        let Some(owner) = owners.next() else {
            return false;
        };
        let n = partition as usize;
        owner.paused.contains(&at) || read[n] == produced[n]
    })
}

impl Member {
    fn poll(&mut self, read: &mut [i64]) {
        match self.consumer.poll(Duration::from_millis(1)).unwrap() {
            Polled::Records(batch) => {
                assert!(!self.paused.contains(batch.partition()), "{batch:?}");
                let span = batch.span();
                let n = batch.partition().partition as usize;
                assert_eq!(
                    span.first_offset, read[n],
                    "{batch:?}: in order, and each once"
                );
                read[n] = span.next_offset;
                batch.handled();
            }
            Polled::Assigned { claims } => self.claims.extend(claims),
            Polled::Lost { claims, why } => panic!("lost {claims:?}: {why:?}"),
            Polled::Revoking { claims, .. } => {
                self.claims.retain(|claim| !claims.contains(claim));
                for claim in &claims {
                    self.paused.remove(claim.partition());
                }
            }
            Polled::Trouble { claim, error, .. } => panic!("{claim:?}: {error}"),
            Polled::CommitFailed { error } => panic!("{error}"),
            Polled::Stopped { why } => panic!("{why:?}"),
            _ => {}
        }
    }
}
