//! ACLs, and what they deny.

use libkafka_integration::until;
use libkafka_protocol::messages::create_acls::AclCreation;
use libkafka_protocol::messages::delete_acls::DeleteAclsFilter;
use libkafka_protocol::messages::{
    CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest, DescribeAclsResponse,
    DescribeClientQuotasRequest, DescribeDelegationTokenRequest, DescribeGroupsRequest,
    DescribeUserScramCredentialsRequest, FindCoordinatorRequest,
};
use libkafka_protocol::{Response, Uuid};
use libkafka_testbroker::Listener;
use libkafka_testkafka::{Listener as RealListener, require};

use super::alice::{alice_asks_for_groups, alice_asks_for_topics};
use super::both::Both;
use super::guarded::{as_alice, create_topic, embedded, real};
use crate::cluster::metadata;
use crate::wire::Wire;

/// An ACL that lets alice do something: types of the resource and the pattern, the name, the
/// operation.
fn acl((resource_type, resource_pattern_type, name, operation): (i8, i8, &str, i8)) -> AclCreation {
    AclCreation {
        resource_type,
        resource_name: name.into(),
        resource_pattern_type,
        principal: "User:alice".into(),
        host: "*".into(),
        operation,
        permission_type: 3,
        ..Default::default()
    }
}

/// The filter for all ACLs.
pub(super) fn every_acl() -> DescribeAclsRequest {
    DescribeAclsRequest {
        resource_type_filter: 1,
        resource_name_filter: None,
        pattern_type_filter: 1,
        principal_filter: None,
        host_filter: None,
        operation: 1,
        permission_type: 1,
        ..Default::default()
    }
}

/// Filters for all ACLs, for those of alice, for what covers a name, and some that there cannot be.
fn filters() -> Vec<DescribeAclsRequest> {
    let all = every_acl();
    let topics = DescribeAclsRequest {
        resource_type_filter: 2,
        ..all.clone()
    };
    vec![
        all.clone(),
        DescribeAclsRequest {
            principal_filter: Some("User:bob".into()),
            ..all.clone()
        },
        DescribeAclsRequest {
            resource_name_filter: Some("pre-fixed".into()),
            pattern_type_filter: 2,
            ..topics.clone()
        },
        DescribeAclsRequest {
            resource_name_filter: Some("pre-fixed".into()),
            pattern_type_filter: 3,
            ..topics.clone()
        },
        DescribeAclsRequest {
            pattern_type_filter: 4,
            ..topics.clone()
        },
        DescribeAclsRequest {
            operation: 3,
            ..topics
        },
    ]
}

fn sorted(response: &mut DescribeAclsResponse) {
    for resource in &mut response.resources {
        resource
            .acls
            .sort_by_key(|acl| (acl.principal.clone(), acl.operation));
    }
    response
        .resources
        .sort_by_key(|r| (r.resource_type, r.resource_name.clone(), r.pattern_type));
}

#[test]
fn acls_are_kept_and_deny_what_they_deny_on_real_kafka() {
    require!();
    let (ours, theirs) = (embedded(), real());
    let mut ours_admin = Wire::connect(ours.address_of(1, Listener::Plaintext));
    let mut theirs_admin = Wire::connect(theirs.address(1, RealListener::Plaintext));
    let mut ids = [Uuid::ZERO; 2];
    for name in ["closed", "pre-fixed", "open"] {
        ids = [&mut ours_admin, &mut theirs_admin].map(|wire| create_topic(wire, name));
    }
    let mut admin = Both::of(ours_admin, theirs_admin, ids);
    let granted = [
        (2, 3, "open", 2),
        (2, 4, "pre", 3),
        (3, 3, "group", 3),
        (5, 3, "id", 4),
        // What cannot be.
        (2, 1, "open", 3),
        (2, 3, "", 3),
        (4, 3, "open", 3),
        (2, 3, "open", 1),
        (1, 3, "open", 3),
    ];
    for grant in granted {
        admin.ask(|_, _| CreateAclsRequest {
            creations: vec![acl(grant)],
            ..Default::default()
        });
    }
    admin.ask(|_, _| CreateAclsRequest {
        creations: vec![AclCreation {
            principal: "alice".into(),
            ..acl((2, 3, "open", 3))
        }],
        ..Default::default()
    });
    // The broker hears of them a little later than the controller.
    until(|| {
        let described = admin.theirs.call(3, &filters()[0]);
        (described.resources.len() == 4).then_some(())
    });
    for filter in filters() {
        admin.ask_up_to(3, |_, _| filter.clone(), sorted);
    }
    let mut theirs_alice = as_alice(theirs.address(1, RealListener::SaslPlaintext));
    until(|| {
        let topic = metadata(&mut theirs_alice, "open");
        topic.error_code.is_ok().then_some(())
    });
    let ours_alice = as_alice(ours.address_of(1, Listener::SaslPlaintext));
    let mut alice = Both::of(ours_alice, theirs_alice, ids);
    alice_asks_for_topics(&mut alice);
    // Has real Kafka make the topics that coordinators keep things in.
    for key_type in [0, 1] {
        let find = FindCoordinatorRequest {
            key_type,
            coordinator_keys: vec!["any".into()],
            ..Default::default()
        };
        until(|| {
            let found = admin.theirs.call(4, &find);
            found.first_error().is_none().then_some(())
        });
    }
    // A coordinator takes heartbeats before it knows its groups.
    let describe = DescribeGroupsRequest {
        groups: ["group", "other"].map(Into::into).into(),
        ..Default::default()
    };
    until(|| {
        let described = admin.theirs.call(5, &describe);
        described.first_error().is_none().then_some(())
    });
    alice_asks_for_groups(&mut alice);
    alice_asks_for_the_cluster(&mut alice);

    let delete = |filter: &DescribeAclsRequest| DeleteAclsRequest {
        filters: vec![DeleteAclsFilter {
            resource_type_filter: filter.resource_type_filter,
            resource_name_filter: filter.resource_name_filter.clone(),
            pattern_type_filter: filter.pattern_type_filter,
            principal_filter: filter.principal_filter.clone(),
            host_filter: filter.host_filter.clone(),
            operation: filter.operation,
            permission_type: filter.permission_type,
            ..Default::default()
        }],
        ..Default::default()
    };
    for filter in filters().iter().rev() {
        admin.ask_up_to(
            3,
            |_, _| delete(filter),
            |response| {
                for result in &mut response.filter_results {
                    let acls = &mut result.matching_acls;
                    acls.sort_by_key(|acl| (acl.resource_type, acl.resource_name.clone()));
                }
            },
        );
    }
}

#[test]
fn without_an_authorizer_there_are_no_acls_and_no_tokens() {
    require!();
    let (mut both, _ours) = Both::start("no-acls");
    for filter in filters() {
        both.ask(|_, _| filter.clone());
    }
    both.ask(|_, _| CreateAclsRequest {
        creations: vec![acl((2, 3, "no-acls", 3))],
        ..Default::default()
    });
    both.ask(|_, _| DeleteAclsRequest {
        filters: vec![DeleteAclsFilter {
            resource_type_filter: 2,
            pattern_type_filter: 3,
            operation: 3,
            permission_type: 3,
            ..Default::default()
        }],
        ..Default::default()
    });
    both.ask(|_, _| DescribeDelegationTokenRequest::default());
}

/// Real Kafka's messages name objects within it.
fn alice_asks_for_the_cluster(alice: &mut Both) {
    for filter in filters() {
        alice.ask_up_to(
            3,
            |_, _| filter.clone(),
            |response| response.error_message = None,
        );
    }
    alice.ask_up_to(
        3,
        |_, _| CreateAclsRequest {
            creations: vec![acl((2, 3, "closed", 2))],
            ..Default::default()
        },
        |response| response.results[0].error_message = None,
    );
    alice.ask_up_to(
        1,
        |_, _| DescribeClientQuotasRequest::default(),
        |response| response.error_message = None,
    );
    alice.ask_up_to(
        0,
        |_, _| DescribeUserScramCredentialsRequest::default(),
        |response| response.error_message = None,
    );
    alice.ask(|_, _| DescribeDelegationTokenRequest::default());
}
