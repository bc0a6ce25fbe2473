//! Lists and changes topics, configs and groups of a cluster.

mod program;

use std::process::ExitCode;

use libkafka_client::protocol::messages::describe_groups::DescribedGroupMember as Member;
use libkafka_client::protocol::messages::metadata::MetadataResponseTopic as Topic;
use libkafka_client::{Client, Config, ConfigEntry, ConfigResource, ListedGroup, NewTopic, Stop};
use program::{Arguments, Result, UsageError, print_table};
use serde_json::json;

const USAGE: &str = "\
Lists and changes topics, configs and groups.

Usage: cargo run --example admin -- [OPTIONS] COMMAND

Commands:
  topics                 list the topics
  create TOPIC N         create a topic with N partitions
  grow TOPIC N           increase the number of its partitions to N
  delete TOPIC           delete a topic
  configs TOPIC          list the configs of a topic
  set TOPIC NAME VALUE   set a config of a topic
  unset TOPIC NAME       reset a config to its default
  groups                 list the groups
  group NAME             list the members of a group

Options:
  --bootstrap HOST:PORT  bootstrap brokers (localhost:9092)
  --json                 print one JSON object per line";

fn main() -> ExitCode {
    program::run(USAGE, admin)
}

fn admin(mut arguments: Arguments, _: &Stop) -> Result {
    let bootstrap: String = arguments.option_or("--bootstrap", "localhost:9092")?;
    let json = arguments.flag("--json");
    let words = arguments.rest()?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();

    let client = &mut Client::new(Config::new(bootstrap))?;
    match words[..] {
        ["topics"] => {
            let topics = client.all_metadata()?.topics;
            let replicas = |topic: &Topic| topic.partitions.first().map(|p| p.replica_nodes.len());
            let row =
                |t: &Topic| vec![json!(t.name), json!(t.partitions.len()), json!(replicas(t))];
            let rows: Vec<_> = topics.iter().map(row).collect();
            print_table(&["topic", "partitions", "replicas"], &rows, json)?;
        }
        ["create", topic, n] => client.create_topic(NewTopic::new(topic).partitions(number(n)?))?,
        ["grow", topic, n] => client.create_partitions(topic, number(n)?)?,
        ["delete", topic] => client.delete_topic(topic)?,
        ["configs", topic] => {
            let configs = client.describe_configs(ConfigResource::Topic(topic))?;
            let row = |c: &ConfigEntry| vec![json!(c.name), json!(c.value), json!(c.is_default)];
            let rows: Vec<_> = configs.iter().map(row).collect();
            print_table(&["config", "value", "is_default"], &rows, json)?;
        }
        ["set", topic, name, value] => {
            client.alter_configs(ConfigResource::Topic(topic), &[(name, Some(value))])?;
        }
        ["unset", topic, name] => {
            client.alter_configs(ConfigResource::Topic(topic), &[(name, None)])?;
        }
        ["groups"] => {
            let groups = client.list_groups()?;
            let row = |g: &ListedGroup| {
                vec![json!(g.group_id), json!(g.group_type), json!(g.group_state)]
            };
            let rows: Vec<_> = groups.iter().map(row).collect();
            print_table(&["group", "type", "state"], &rows, json)?;
        }
        ["group", group] => {
            let group = client.describe_group(group)?;
            let row =
                |m: &Member| vec![json!(m.member_id), json!(m.client_id), json!(m.client_host)];
            let rows: Vec<_> = group.members.iter().map(row).collect();
            print_table(&["member", "client", "host"], &rows, json)?;
        }
        _ => return Err(UsageError(format!("{words:?} is not a command")).into()),
    }
    Ok(())
}

fn number(text: &str) -> Result<i32, UsageError> {
    let parsed = text.parse();
    parsed.map_err(|_| UsageError(format!("{text} is not a number of partitions")))
}
