//! Users of SCRAM that requests make, and bearers of tokens.

use bytes::Bytes;
use libkafka_client::{Client, Config, OauthBearer, Scram};
use libkafka_integration::until;
use libkafka_protocol::messages::alter_user_scram_credentials::{
    ScramCredentialDeletion, ScramCredentialUpsertion,
};
use libkafka_protocol::messages::describe_user_scram_credentials::UserName;
use libkafka_protocol::messages::{
    AlterUserScramCredentialsRequest, DescribeUserScramCredentialsRequest,
};
use libkafka_testbroker::Listener;
use libkafka_testkafka::require;

use super::both::Both;
use super::guarded::embedded;
use crate::wire::Wire;

fn upsertion(name: &str, mechanism: i8, iterations: i32) -> ScramCredentialUpsertion {
    ScramCredentialUpsertion {
        name: name.into(),
        mechanism,
        iterations,
        salt: Bytes::from_static(b"0123456789abcdef"),
        salted_password: Bytes::from_static(b"0123456789abcdef0123456789abcdef"),
        ..Default::default()
    }
}

#[test]
fn users_of_scram_are_kept_and_told() {
    require!();
    let (mut both, _ours) = Both::start("same-users");
    let deletion = |name: &str| ScramCredentialDeletion {
        name: name.into(),
        mechanism: 1,
        ..Default::default()
    };
    let mut alter = |deletions, upsertions| {
        both.ask_up_to(
            0,
            |_, _| AlterUserScramCredentialsRequest {
                deletions: Vec::clone(&deletions),
                upsertions: Vec::clone(&upsertions),
                ..Default::default()
            },
            |response| response.results.sort_by_key(|result| result.user.clone()),
        );
    };
    alter(
        vec![],
        vec![upsertion("carol", 1, 4096), upsertion("dave", 2, 8192)],
    );
    alter(vec![], vec![upsertion("carol", 1, 4095)]);
    alter(vec![], vec![upsertion("carol", 1, 16_385)]);
    alter(vec![], vec![upsertion("carol", 7, 4096)]);
    alter(vec![], vec![upsertion("", 1, 4096)]);
    alter(
        vec![],
        vec![upsertion("carol", 1, 4096), upsertion("carol", 1, 4096)],
    );
    alter(vec![deletion("nobody")], vec![]);
    let users = |names: &[&str]| {
        let names = names.iter().map(|name| UserName {
            name: (*name).into(),
            ..Default::default()
        });
        DescribeUserScramCredentialsRequest {
            users: Some(names.collect()),
            ..Default::default()
        }
    };
    until(|| {
        let described = both.theirs.call(0, &users(&["dave"]));
        described.results[0].error_code.is_ok().then_some(())
    });
    for names in [
        &["carol", "dave"][..],
        &["nobody"],
        &["carol", "carol"],
        &[],
    ] {
        both.ask_up_to(
            0,
            |_, _| users(names),
            |response| {
                response.results.sort_by_key(|result| result.user.clone());
            },
        );
    }
    let request = AlterUserScramCredentialsRequest {
        deletions: vec![deletion("carol")],
        ..Default::default()
    };
    both.ask(|_, _| request.clone());
}

#[test]
fn a_user_that_was_made_by_a_request_says_who_it_is() {
    let broker = embedded();
    let mut admin = Wire::connect(broker.address_of(1, Listener::Plaintext));
    // The salt, and what PBKDF2 makes of `pencil` with it: the example of RFC 7677.
    let salt = data_encoding::BASE64
        .decode(b"W22ZaJ0SNY7soEsUEjb6gQ==")
        .unwrap();
    let salted = "c4a49510323ab4f952cac1fa99441939e78ea74d6be81ddf7096e87513dc615d";
    let salted = data_encoding::HEXLOWER.decode(salted.as_bytes()).unwrap();
    let request = AlterUserScramCredentialsRequest {
        upsertions: vec![ScramCredentialUpsertion {
            name: "erin".into(),
            mechanism: 1,
            iterations: 4096,
            salt: salt.into(),
            salted_password: salted.into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    assert!(admin.call(0, &request).results[0].error_code.is_ok());
    let address = broker.address_of(1, Listener::SaslPlaintext).to_string();
    let config = Config::new(address);
    let scram = Scram::sha_256("erin", "pencil");
    let mut client = Client::new(config.clone().sasl(scram)).unwrap();
    client.all_metadata().unwrap();
    let scram = Scram::sha_256("erin", "pen");
    let mut client = Client::new(config.sasl(scram)).unwrap();
    client.all_metadata().unwrap_err();
}

#[test]
fn a_token_says_who_its_bearer_is() {
    let broker = embedded();
    let address = broker.address_of(1, Listener::SaslPlaintext).to_string();
    let connect = |issued, valid| {
        let bearer = OauthBearer::new(move |_| libkafka_integration::token("admin", issued, valid));
        let config = Config::new(&address).sasl(bearer);
        Client::new(config).unwrap()
    };
    let mut client = connect(0, 3600);
    client.all_metadata().unwrap();
    connect(7200, 3600).all_metadata().unwrap_err();
}
