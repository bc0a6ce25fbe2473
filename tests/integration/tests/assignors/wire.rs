//! What our members send, beside what Java's do.

use data_encoding::HEXLOWER;
use libkafka_client::assignor::{Assignor, CooperativeSticky, Range, Sticky};
use libkafka_testkafka::require;
use proptest::prop_assert_eq;
use serde_json::json;

use crate::java::{ask, on_groups, question};

#[test]
fn our_subscriptions_are_javas_byte_for_byte() {
    require!();
    for assignor in [&Range as &dyn Assignor, &CooperativeSticky] {
        on_groups(100, |shape| {
            let mut group = shape.group();
            let java = ask(&question(assignor.name(), &group))?;
            group.assign(assignor);
            for (id, subscription) in group.subscription().members {
                let sent = subscription.to_wire().to_bytes(3).unwrap();
                let sent = json!(HEXLOWER.encode(&sent));
                prop_assert_eq!(&sent, &java.json[id]["metadata"], "{}", id);
            }
            Ok(())
        });
    }
}

/// The order of the topics in Java's user data is that of its hash map, and means nothing.
#[test]
fn java_reads_our_user_data_as_its_own() {
    require!();
    on_groups(200, |shape| {
        let mut group = shape.group();
        let mut question = question(Sticky.name(), &group);
        let own = ask(&question)?;
        group.assign(&Sticky);
        for (id, member) in &group.members {
            if let Some(data) = &member.user_data {
                question["members"][id]["userData"] = json!(HEXLOWER.encode(data));
            }
            let topics = member.owned.iter().map(|(topic, _)| topic);
            if topics.collect::<std::collections::BTreeSet<_>>().len() < 2 {
                let mut sorted = group.members[id].owned();
                sorted.sort_unstable();
                let ours = member.user_data.as_ref().map(|data| HEXLOWER.encode(data));
                prop_assert_eq!(json!(ours), own.json[id]["userData"].clone());
            }
        }
        prop_assert_eq!(ask(&question)?.assignment, own.assignment);
        Ok(())
    });
}
