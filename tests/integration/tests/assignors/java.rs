//! Java's answer for a group.

use libkafka_client::assignor::Assignor;
use libkafka_testkafka::{Error, GroupOracle};
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::{Map, Value, json};

use crate::group::{Assignment, Group};
use crate::random::{Shape, config, shapes};

/// What Java's class makes of a group.
pub(crate) struct Answer {
    /// For each member, `partitions`, `userData` and `metadata`.
    pub(crate) json: Value,
    pub(crate) assignment: Assignment,
}

pub(crate) fn question(assignor: &str, group: &Group) -> Value {
    let members = group.members.iter().map(|(id, member)| {
        let mut json = json!({ "topics": member.topics, "owned": member.owned });
        if let Some(generation) = member.generation {
            json["generation"] = json!(generation);
        }
        json["rack"] = json!(member.rack);
        json["instance"] = json!(member.instance);
        (id.clone(), json)
    });
    let members: Map<String, Value> = members.collect();
    json!({ "assignor": assignor, "topics": group.topics, "members": members })
}

/// Java's answer. Its sticky classes throw at times, where a member claims a partition that does
/// not exist, and to some groups they give no answer within minutes: such a group is no test.
///
/// # Errors
/// If they do.
pub(crate) fn ask(question: &Value) -> Result<Answer, TestCaseError> {
    let answer = match GroupOracle::shared().ask("assign", question) {
        Err(Error::Deadline { .. }) => return Err(TestCaseError::reject("Java does not answer")),
        answer => answer.unwrap(),
    };
    let json = answer.map_err(|refused| TestCaseError::reject(refused.to_string()))?;
    let members = json.as_object().unwrap().iter().map(|(id, member)| {
        let partitions = member["partitions"].as_array().unwrap().iter();
        let partitions = partitions.map(|p| {
            let (topic, number) = (p[0].as_str().unwrap(), p[1].as_i64().unwrap());
            (topic.to_owned(), number as i32)
        });
        let mut partitions: Vec<_> = partitions.collect();
        partitions.sort_unstable();
        (id.clone(), partitions)
    });
    let assignment = members.collect();
    Ok(Answer { json, assignment })
}

/// Java's answer and ours.
pub(crate) fn both(
    assignor: &dyn Assignor,
    group: &mut Group,
) -> Result<(Answer, Assignment), TestCaseError> {
    let answer = ask(&question(assignor.name(), group))?;
    Ok((answer, group.assign(assignor)))
}

/// Runs a test on many random groups.
pub(crate) fn on_groups(cases: u32, test: impl Fn(&Shape) -> Result<(), TestCaseError>) {
    let mut runner = TestRunner::new(config(cases));
    let outcome = runner.run(&shapes(), |shape| test(&shape));
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
