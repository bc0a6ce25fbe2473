//! sarama: its functional tests, with brokers of ours in place of Docker's.
//!
//! Those that have a proxy cut connections, stop a broker, or look into what Docker has logged are
//! left out.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use libkafka_testkafka::{Tool, cache, one_shot, require};

use crate::go;
use crate::suite::Suite;

const VERSION: &str = "v1.61.1";

/// What is replaced in which of its files, and by what: addresses are given, and there is no proxy,
/// which makes requests take ten milliseconds.
const PATCHES: [(&str, &str, &str); 3] = [
    (
        "functional_test.go",
        "\tenv.ToxiproxyClient = toxiproxy.NewClient(endpoint)\n",
        "\tenv.KafkaBrokerAddrs = strings.Split(os.Getenv(\"SARAMA_BROKERS\"), \",\")
\tif env.KafkaBrokerAddrs[0] != \"\" {
\t\treturn nil
\t}
\tenv.ToxiproxyClient = toxiproxy.NewClient(endpoint)\n",
    ),
    (
        "functional_producer_test.go",
        "minRequestLatencyInMs := 10\n",
        "minRequestLatencyInMs := 0\n",
    ),
    (
        "functional_test.go",
        "func resetProxies(t testing.TB) {\n",
        "func resetProxies(t testing.TB) {
\tif FunctionalTestEnv.ToxiproxyClient == nil {
\t\treturn
\t}\n",
    ),
];

/// The functional tests: beside them the module has tests that need no broker.
const TESTS: &str = "-test.run=^(TestFunc|TestConsumer(HighWaterMarkOffset|PartialBatchRecovery\
    |GroupDeadlock)|TestVersionMatrix|TestReadOnlyAndAllCommittedMessages|TestInterceptors)";

const LEFT_OUT: &str = "-test.skip=BrokerFailure|NetworkErrorClosesControllerConnection\
    |IdempotentBufferedSequence|JavaInterop|ConnectionFailure|ListConsumerGroupOffsets$";

/// A copy of the module with the patches.
fn patched() -> PathBuf {
    let module = go::module("github.com/IBM/sarama", VERSION);
    let entry = format!(
        "go/sarama-{}",
        cache::digest(&format!("{VERSION} {PATCHES:?}"))
    );
    let copy = cache::folder(&entry, |folder| {
        let mut copy = Command::new("sh");
        let script = r#"cp -R "$0"/. "$1" && chmod -R u+w "$1""#;
        copy.args(["-c", script]).arg(&module).arg(folder);
        one_shot("cp", &mut copy)?;
        for (name, from, to) in PATCHES {
            let file = folder.join(name);
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.contains(from), "{from}");
            fs::write(&file, text.replace(from, to)).unwrap();
        }
        Ok(())
    });
    copy.unwrap()
}

fn sarama() -> Suite {
    let module = patched();
    let tests = go::compile(&module, ".", &["-tags=functional"]);
    let tool = move |bootstrap: &str, only: &[String]| {
        Tool::program(tests.to_str().unwrap())
            .folder(&module)
            .variable("SARAMA_BROKERS", bootstrap)
            .variable("TOXIPROXY_ADDR", "http://127.0.0.1")
            .variable("KAFKA_VERSION", "4.4.0")
            .args(["-test.v", "-test.timeout=20m", LEFT_OUT])
            .arg(go::run(only).unwrap_or(TESTS.to_owned()))
    };
    Suite {
        name: "sarama 1.61.1, functional",
        nodes: 3,
        // As its Docker Compose file has it.
        configs: &[
            ("default.replication.factor", "2"),
            ("offsets.topic.replication.factor", "2"),
            ("transaction.state.log.replication.factor", "2"),
            ("auto.create.topics.enable", "false"),
            ("group.initial.rebalance.delay.ms", "0"),
        ],
        not_served: &[],
        limit: Duration::from_secs(20 * 60),
        tool: Box::new(tool),
        outcome: go::outcome,
    }
}

#[test]
#[ignore = "takes minutes"]
fn the_functional_tests_of_sarama_that_pass_on_kafka_pass_here() {
    require!();
    sarama().compare();
}
