//! `GroupOffsets`: looks up and commits offsets of a group.

use std::sync::Arc;
use std::time::Instant;

use libkafka_protocol::messages::{
    FindCoordinatorRequest, OffsetCommitRequest, OffsetCommitResponse, OffsetFetchRequest,
    OffsetFetchResponse,
};
use libkafka_protocol::{ApiKey, ErrorCode, Uuid, Versions};

use super::lookups::deadline;
use super::readers::Question;
use crate::cluster::{BrokerCall, Client, FoundCoordinator, coordinator_request};
use crate::connection::Link;
use crate::error::{Error, RetryMethod};
use crate::exchange::Answer;
use crate::group::membership::{Backoff, Claim, MemberIdentity};
use crate::group::{
    Commit, Committed, Question as OffsetQuestion, Watermark, commit_request, commit_results,
    commit_versions,
};
use crate::net::{Interest, Waitable};
use crate::topic_partition::TopicPartition;

/// Looks up and commits offsets of a group: one request at a time to the coordinator, over a
/// connection that no join holds up.
pub(super) struct GroupOffsets {
    group_id: String,
    coordinator: Option<i32>,
    link: Option<Link>,
    call: Option<Call>,
    backoff: Backoff,
    wanted: Vec<(Question, TopicPartition)>,
}

enum Call {
    Find(BrokerCall<FindCoordinatorRequest>),
    Fetch(BrokerCall<OffsetFetchRequest>, Fetching),
    Commit(BrokerCall<OffsetCommitRequest>, Committing),
}

struct Fetching {
    questions: Vec<Question>,
    partitions: Vec<TopicPartition>,
}

struct Committing {
    offsets: Vec<ToCommit>,
    identity: Option<MemberIdentity>,
}

/// An offset to commit.
#[derive(Debug, Clone)]
pub(super) struct ToCommit {
    pub(super) claim: Claim,
    pub(super) topic_id: Option<Uuid>,
    pub(super) watermark: Watermark,
}

/// The committed offset of a partition.
type CommittedResult = Result<Option<Committed>, Arc<Error>>;

/// The answer of the coordinator.
pub(super) enum GroupAnswer {
    Committed(Vec<(Question, CommittedResult)>),
    /// The identity of the commit, and the result for each offset.
    Commit(
        Option<MemberIdentity>,
        Vec<(ToCommit, Result<(), Arc<Error>>)>,
    ),
    /// There was no answer to a commit, or no coordinator to send one to.
    NoCommit(Error),
}

impl GroupOffsets {
    pub(super) fn new(group_id: String) -> Self {
        Self {
            group_id,
            coordinator: None,
            link: None,
            call: None,
            backoff: Backoff::default(),
            wanted: Vec::new(),
        }
    }

    /// Asks for the committed offset of a partition.
    pub(super) fn ask(&mut self, question: Question, partition: TopicPartition) {
        self.wanted.push((question, partition));
    }

    /// Whether a request, or a lookup of the coordinator, can be sent now.
    pub(super) fn is_free(&self, now: Instant) -> bool {
        self.call.is_none() && self.backoff.is_over(now)
    }

    /// Whether there is a question, and it can be sent.
    pub(super) fn has_question(&self, now: Instant) -> bool {
        self.is_free(now) && !self.wanted.is_empty()
    }

    /// When it continues, if it waits for a time.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        self.backoff.until().filter(|until| *until > now)
    }

    /// Begins to commit, if the coordinator is known; otherwise looks it up. Returns whether the
    /// commit has begun.
    pub(super) fn commit(
        &mut self,
        client: &mut Client,
        identity: Option<MemberIdentity>,
        offsets: Vec<ToCommit>,
    ) -> bool {
        let Some(link) = self.coordinator_link(client) else {
            return false;
        };
        let commits = commits(&offsets);
        let request = commit_request(&self.group_id, identity.as_ref(), &commits);
        let versions = commit_versions(identity.as_ref(), &commits);
        let call = BrokerCall::new(link, versions, deadline(client), move |_| request.clone());
        self.call = Some(Call::Commit(call, Committing { offsets, identity }));
        true
    }

    /// Does what can be done without waiting.
    pub(super) fn advance(&mut self, client: &mut Client, now: Instant) -> Option<GroupAnswer> {
        if self.has_question(now) {
            self.fetch(client);
        }
        match self.call.take()? {
            Call::Find(mut call) => {
                match call.advance().transpose() {
                    None => self.call = Some(Call::Find(call)),
                    Some(answer) => return self.found(client, now, answer),
                }
                None
            }
            Call::Fetch(mut call, fetching) => match call.advance().transpose() {
                None => {
                    self.call = Some(Call::Fetch(call, fetching));
                    None
                }
                Some(answer) => {
                    let answer = self.settled(now, answer, call);
                    Some(self.fetched(now, fetching, answer))
                }
            },
            Call::Commit(mut call, committing) => match call.advance().transpose() {
                None => {
                    self.call = Some(Call::Commit(call, committing));
                    None
                }
                Some(answer) => {
                    let answer = self.settled(now, answer, call);
                    Some(self.committed(now, committing, answer))
                }
            },
        }
    }

    /// What it waits for.
    pub(super) fn interest(&self) -> Interest<'_> {
        match &self.call {
            None => Interest::nothing(),
            Some(Call::Find(call)) => call.interest(),
            Some(Call::Fetch(call, _)) => call.interest(),
            Some(Call::Commit(call, _)) => call.interest(),
        }
    }

    /// The connection to the coordinator; `None` if it must be looked up first, which begins here.
    fn coordinator_link(&mut self, client: &mut Client) -> Option<Link> {
        let known = self.coordinator.and_then(|id| client.cluster.broker(id));
        if let Some(broker) = known {
            let mut link = match self.link.take() {
                Some(link) => link,
                None => Link::new(
                    Arc::clone(&client.config),
                    Arc::clone(broker),
                    ApiKey::OFFSET_COMMIT,
                ),
            };
            link.set_broker(Arc::clone(broker));
            return Some(link);
        }
        let broker = client.cluster.candidates(None).into_iter().next()?;
        let link = Link::new(Arc::clone(&client.config), broker, ApiKey::FIND_COORDINATOR);
        let group_id = self.group_id.clone();
        let call = BrokerCall::new(link, Versions::ALL, deadline(client), move |version| {
            coordinator_request(version, 0, &group_id)
        });
        self.call = Some(Call::Find(call));
        None
    }

    fn found(
        &mut self,
        client: &mut Client,
        now: Instant,
        answer: Result<Answer<libkafka_protocol::messages::FindCoordinatorResponse>, Error>,
    ) -> Option<GroupAnswer> {
        let found = answer.and_then(|Answer { response, exchange }| {
            let found = FoundCoordinator::of(response, &self.group_id)
                .ok_or_else(|| exchange.missing(format!("the coordinator of {}", self.group_id)))?;
            exchange.check(found.code, found.message.clone())?;
            Ok(found)
        });
        match found {
            Ok(found) => {
                client
                    .cluster
                    .learn(found.id, &found.host, found.port, None);
                if self.coordinator != Some(found.id) {
                    self.link = None;
                }
                self.coordinator = Some(found.id);
                None
            }
            Err(error) => {
                self.backoff.failed(now);
                if self.wanted.is_empty() {
                    return Some(GroupAnswer::NoCommit(error));
                }
                let error = Arc::new(error);
                let wanted = self.wanted.drain(..);
                let answers = wanted.map(|(question, _)| (question, Err(Arc::clone(&error))));
                Some(GroupAnswer::Committed(answers.collect()))
            }
        }
    }

    fn fetch(&mut self, client: &mut Client) {
        let Some(link) = self.coordinator_link(client) else {
            return;
        };
        // Without keeping its memory: there are many at first, and few later.
        let wanted = std::mem::take(&mut self.wanted);
        let (questions, partitions): (Vec<_>, Vec<_>) = wanted.into_iter().unzip();
        let versions = question(&self.group_id, &partitions).versions();
        let (group_id, asked) = (self.group_id.clone(), partitions.clone());
        let call = BrokerCall::new(link, versions, deadline(client), move |version| {
            question(&group_id, &asked).request(version)
        });
        let fetching = Fetching {
            questions,
            partitions,
        };
        self.call = Some(Call::Fetch(call, fetching));
    }

    /// Keeps the connection, or looks up the coordinator again.
    fn settled<T, R>(
        &mut self,
        now: Instant,
        answer: Result<T, Error>,
        call: BrokerCall<R>,
    ) -> Result<T, Error>
    where
        R: libkafka_protocol::Request,
    {
        match &answer {
            Ok(_) => {
                self.link = Some(call.into_link());
                self.backoff.succeeded();
            }
            Err(error) => {
                self.backoff.failed_curably(now);
                if error.retry_method() == RetryMethod::Refresh {
                    self.coordinator = None;
                }
            }
        }
        answer
    }

    fn fetched(
        &mut self,
        now: Instant,
        fetching: Fetching,
        answer: Result<Answer<OffsetFetchResponse>, Error>,
    ) -> GroupAnswer {
        let Fetching {
            questions,
            partitions,
        } = fetching;
        let question = question(&self.group_id, &partitions);
        let results = match answer.and_then(|answer| question.results(answer)) {
            Ok(results) => results.into_iter().map(|(_, result)| result).collect(),
            Err(error) => {
                let error = Arc::new(error);
                vec![Err(error); partitions.len()]
            }
        };
        self.heed(
            now,
            results.iter().filter_map(|result| result.as_ref().err()),
        );
        GroupAnswer::Committed(questions.into_iter().zip(results).collect())
    }

    fn committed(
        &mut self,
        now: Instant,
        committing: Committing,
        answer: Result<Answer<OffsetCommitResponse>, Error>,
    ) -> GroupAnswer {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return GroupAnswer::NoCommit(error),
        };
        let Committing { offsets, identity } = committing;
        let results = commit_results(&commits(&offsets), &answer);
        let results: Vec<_> = results.into_iter().map(|(_, result)| result).collect();
        self.heed(
            now,
            results.iter().filter_map(|result| result.as_ref().err()),
        );
        GroupAnswer::Commit(identity, offsets.into_iter().zip(results).collect())
    }

    /// Acts on what refusals say of the coordinator.
    fn heed<'e>(&mut self, now: Instant, errors: impl Iterator<Item = &'e Arc<Error>>) {
        for code in errors.filter_map(|error| error.code()) {
            match code {
                ErrorCode::NOT_COORDINATOR | ErrorCode::COORDINATOR_NOT_AVAILABLE => {
                    self.coordinator = None;
                    self.backoff.failed_curably(now);
                }
                code if is_passing(code) => self.backoff.failed(now),
                _ => continue,
            }
            return;
        }
    }
}

/// Whether a refusal of a commit is temporary. The retry commits what live claims have by then,
/// with the identity that the member has by then: nothing is repeated for a claim that has ended.
pub(super) fn is_passing(code: ErrorCode) -> bool {
    match code {
        // The next heartbeat brings the epoch (KIP-848).
        ErrorCode::STALE_MEMBER_EPOCH => true,
        // A member that keeps its partitions through a rebalance is taken once that is over. If it
        // is out of the group, its claims have ended.
        ErrorCode::REBALANCE_IN_PROGRESS
        | ErrorCode::ILLEGAL_GENERATION
        | ErrorCode::UNKNOWN_MEMBER_ID
        | ErrorCode::FENCED_MEMBER_EPOCH => true,
        // The topic is gone, or another one has its name.
        ErrorCode::UNKNOWN_TOPIC_ID | ErrorCode::UNKNOWN_TOPIC_OR_PARTITION => false,
        code => code.is_retriable(),
    }
}

fn question<'a>(group_id: &'a str, partitions: &'a [TopicPartition]) -> OffsetQuestion<'a> {
    OffsetQuestion {
        group_id,
        // The claims say whether the answer still matters.
        identity: None,
        partitions: Some(partitions),
        require_stable: true,
        topology: None,
    }
}

fn commits(offsets: &[ToCommit]) -> Vec<Commit<'_>> {
    let commits = offsets.iter().map(|to| Commit {
        topic: &to.claim.partition().topic,
        topic_id: to.topic_id,
        partition: to.claim.partition().partition,
        offset: to.watermark.offset,
        leader_epoch: to.watermark.leader_epoch,
        metadata: None,
    });
    commits.collect()
}
