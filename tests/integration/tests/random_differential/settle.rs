//! [`settle`]: waits until real Kafka has done what it has answered already.

use serde_json::{Value, json};

use crate::focus::NO_ID;
use crate::side::Side;
use crate::step::Step;

/// Waits until every coordinator of real Kafka has its partition.
pub(crate) fn warm_up(theirs: &mut Side) {
    let is_well = |answer: &Value| {
        let codes = ["groups", "transactionStates"].map(|field| &answer[field][0]["errorCode"]);
        codes
            .iter()
            .any(|code| [0, 69, 105].iter().any(|well| **code == *well))
    };
    for n in 0..30 {
        for key_type in [0, 1] {
            let request = json!({ "keyType": key_type, "coordinatorKeys": [format!("warm-{n}")] });
            theirs.wait("FindCoordinator", 4, &request, |answer| {
                answer["coordinators"][0]["errorCode"] == 0
            });
        }
        let request = json!({
            "groups": [format!("warm-{n}")],
            "includeAuthorizedOperations": false,
        });
        theirs.wait("DescribeGroups", 5, &request, is_well);
        let request = json!({ "transactionalIds": [format!("warm-{n}")] });
        theirs.wait("DescribeTransactions", 0, &request, is_well);
    }
}

/// Waits until what a request has begun is done for all to see.
pub(crate) fn settle(theirs: &mut Side, step: &Step, answer: &Value) {
    if step.request["validateOnly"] == true {
        return;
    }
    match step.api.short_name() {
        "CreateTopics" => each(&answer["topics"], |name| there(theirs, name, None)),
        "CreatePartitions" => each(&answer["results"], |name| {
            let asked = step.request["topics"].as_array().into_iter().flatten();
            let mut asked = asked.filter(|topic| topic["name"] == name);
            there(
                theirs,
                name,
                asked.next().and_then(|topic| topic["count"].as_u64()),
            );
        }),
        "DeleteTopics" => each(&answer["responses"], |name| gone(theirs, name)),
        "EndTxn" | "InitProducerId" | "AddPartitionsToTxn" => {
            if let Some(id) = step.request.get("transactionalId").and_then(Value::as_str) {
                transaction(theirs, id);
            }
        }
        _ => {}
    }
}

/// The names in these results that are about no error.
fn each(results: &Value, mut settle: impl FnMut(&str)) {
    for result in results.as_array().into_iter().flatten() {
        if let Some(name) = result["name"].as_str()
            && result["errorCode"] == 0
        {
            settle(name);
        }
    }
}

fn metadata(name: &str) -> Value {
    json!({
        "topics": [{ "topicId": NO_ID, "name": name }],
        "allowAutoTopicCreation": false,
        "includeTopicAuthorizedOperations": false,
    })
}

fn gone(theirs: &mut Side, name: &str) {
    theirs.wait("Metadata", 12, &metadata(name), |answer| {
        answer["topics"][0]["errorCode"] == 3
    });
}

/// It has its leaders, who know that they are.
fn there(theirs: &mut Side, name: &str, count: Option<u64>) {
    let answer = theirs.wait("Metadata", 12, &metadata(name), |answer| {
        let partitions = answer["topics"][0]["partitions"].as_array().unwrap();
        let mut leaders = partitions
            .iter()
            .map(|partition| partition["leaderId"].as_i64());
        !partitions.is_empty()
            && count.is_none_or(|count| count == partitions.len() as u64)
            && leaders.all(|leader| leader >= Some(0))
    });
    let partitions = answer["topics"][0]["partitions"].as_array().unwrap().iter();
    let partitions = partitions.map(|partition| {
        json!({
            "partitionIndex": partition["partitionIndex"],
            "currentLeaderEpoch": -1,
            "timestamp": -1,
        })
    });
    let request = json!({
        "replicaId": -1,
        "isolationLevel": 0,
        "topics": [{ "name": name, "partitions": partitions.collect::<Value>() }],
    });
    theirs.wait("ListOffsets", 7, &request, |answer| {
        let partitions = answer["topics"][0]["partitions"].as_array().unwrap();
        partitions
            .iter()
            .all(|partition| partition["errorCode"] == 0)
    });
}

/// The markers of a transaction are written.
fn transaction(theirs: &mut Side, id: &str) {
    let request = json!({ "transactionalIds": [id] });
    theirs.wait("DescribeTransactions", 0, &request, |answer| {
        let state = answer["transactionStates"][0]["transactionState"].as_str();
        !state.unwrap_or_default().starts_with("Prepare")
    });
}
