//! Every age of Kafka, with all its listeners. Takes minutes and fetches much, so it is asked for:
//! `cargo test -p libkafka-testkafka -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use libkafka_testkafka::{Identity, Kafka, Listener, Mechanism, Tool, Version, require};

#[test]
#[ignore = "minutes; fetches seven Kafkas"]
fn every_version_serves_javas_clients_on_every_listener() {
    require!();
    let mut failures = Vec::new();
    for version in Version::MATRIX {
        let jars = libkafka_testkafka::broker_jars(version).unwrap();
        let start = Instant::now();
        let kafka = match Kafka::builder()
            .version(version)
            .tls(true)
            .sasl(true)
            .start()
        {
            Ok(kafka) => kafka,
            Err(error) => {
                failures.push(format!("{version}: {error}"));
                continue;
            }
        };
        eprintln!(
            "{version} up in {:.1} s, jars in {}",
            start.elapsed().as_secs_f32(),
            jars.display()
        );
        for listener in kafka.listeners() {
            let all = kafka.mechanisms().filter(|_| listener.is_sasl());
            let mechanisms: Vec<Mechanism> = if listener.is_sasl() {
                all.collect()
            } else {
                vec![Mechanism::Plain]
            };
            for mechanism in mechanisms {
                let named = if listener.is_sasl() {
                    mechanism.name()
                } else {
                    ""
                };
                let result = create_topic(&kafka, listener, mechanism);
                eprintln!(
                    "{version} {listener} {named}: {}",
                    result.as_ref().map_or("failed", |()| "ok")
                );
                failures.extend(
                    result
                        .err()
                        .map(|error| format!("{version} {listener} {named}: {error}")),
                );
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
#[ignore = "half a minute"]
fn three_brokers_survive_what_can_be_done_to_one_of_them() {
    require!();
    for version in [Version::CURRENT, Version::new(2, 8, 2)] {
        let start = Instant::now();
        let kafka = Kafka::builder()
            .version(version)
            .brokers(3)
            .start()
            .unwrap();
        eprintln!(
            "{version}, 3 brokers: up in {:.1} s",
            start.elapsed().as_secs_f32()
        );
        let pid = kafka.pid(2);
        for (name, end) in [
            ("kill", Kafka::kill as fn(&Kafka, i32)),
            ("stop", Kafka::stop),
        ] {
            let start = Instant::now();
            end(&kafka, 2);
            assert!(!kafka.is_running(2) && kafka.is_running(1) && kafka.is_running(3));
            eprintln!("{version} {name}: {:.1} s", start.elapsed().as_secs_f32());
            let start = Instant::now();
            kafka.restart(2).unwrap();
            assert!(kafka.is_running(2) && kafka.pid(2) != pid);
            eprintln!("{version} restart: {:.1} s", start.elapsed().as_secs_f32());
        }
        kafka.pause(3);
        assert!(kafka.is_running(3));
        kafka.resume(3);
        kafka.pause(1);
        kafka.restart(1).unwrap();
    }
}

#[test]
#[ignore = "half a minute"]
fn javas_clients_turn_away_from_a_bad_certificate() {
    require!();
    for (identity, why) in [
        (Identity::ExpiredServer, "CertificateExpiredException"),
        (
            Identity::WrongHostServer,
            "No subject alternative names matching",
        ),
        (
            Identity::UnknownServer,
            "unable to find valid certification path",
        ),
    ] {
        let kafka = Kafka::builder()
            .tls(true)
            .server_identity(identity)
            .start()
            .unwrap();
        create_topic(&kafka, Listener::Plaintext, Mechanism::Plain).unwrap();
        let error = create_topic(&kafka, Listener::Ssl, Mechanism::Plain)
            .unwrap_err()
            .to_string();
        assert!(error.contains(why), "{identity:?}: {error}");
    }
}

#[test]
#[ignore = "half a minute"]
fn a_listener_refuses_clients_that_do_not_show_who_they_are() {
    require!();
    for version in [Version::CURRENT, Version::new(1, 0, 2)] {
        let kafka = Kafka::builder()
            .version(version)
            .tls(true)
            .sasl(true)
            .start()
            .unwrap();
        for (listener, like) in [
            (Listener::Mtls, Listener::Ssl),
            (Listener::SaslPlaintext, Listener::Plaintext),
            (Listener::SaslSsl, Listener::Ssl),
        ] {
            let config = kafka.client_config(like, Mechanism::Plain).unwrap();
            let listing = Tool::new("org.apache.kafka.tools.TopicCommand")
                .version(Version::OLD_TOOLS)
                .args([
                    "--bootstrap-server",
                    &kafka.bootstrap_of(listener),
                    "--list",
                    "--command-config",
                ])
                .arg(config)
                .deadline(Duration::from_secs(15))
                .run();
            assert!(
                listing.is_err(),
                "{version} {listener} let a {like} client in"
            );
        }
    }
}

fn create_topic(
    kafka: &Kafka,
    listener: Listener,
    mechanism: Mechanism,
) -> Result<(), libkafka_testkafka::Error> {
    let tools = if kafka.version() < Version::new(2, 1, 0) {
        Version::OLD_TOOLS
    } else {
        Version::CURRENT
    };
    Tool::new("org.apache.kafka.tools.TopicCommand")
        .version(tools)
        .args(["--bootstrap-server", &kafka.bootstrap_of(listener)])
        .arg("--command-config")
        .arg(kafka.client_config(listener, mechanism)?)
        .args([
            "--create",
            "--topic",
            &format!("over-{listener}-{mechanism}"),
        ])
        .args(["--partitions", "1", "--replication-factor", "1"])
        .run()
        .map(drop)
}
