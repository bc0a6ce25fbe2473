//! `Client::topic_metadata` and the like: Metadata requests, for the caller or for the client
//! itself.

use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::{MetadataRequest, MetadataResponse};
use libkafka_protocol::{ErrorCode, Versions};

use super::client::Client;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;

impl Client {
    /// Requests the brokers of the cluster, and no topics.
    ///
    /// # Errors
    /// The errors of [`call`](Self::call).
    pub fn broker_metadata(&mut self) -> Result<MetadataResponse, Error> {
        self.topic_metadata(&[])
    }

    /// Requests the brokers of the cluster and these topics. It does not create topics that do not
    /// exist.
    ///
    /// # Errors
    /// The errors of [`call`](Self::call). Error codes of topics are left for the caller to check.
    pub fn topic_metadata(&mut self, topics: &[&str]) -> Result<MetadataResponse, Error> {
        let deadline = self.deadline();
        Ok(self.metadata_by(Some(topics), deadline)?.response)
    }

    /// Requests the brokers of the cluster and all topics.
    ///
    /// # Errors
    /// The errors of [`call`](Self::call). Error codes of topics are left for the caller to check.
    pub fn all_metadata(&mut self) -> Result<MetadataResponse, Error> {
        let deadline = self.deadline();
        Ok(self.metadata_by(None, deadline)?.response)
    }

    /// Requests the brokers, and these topics or all.
    pub(crate) fn metadata_by(
        &mut self,
        topics: Option<&[&str]>,
        deadline: Deadline,
    ) -> Result<Answer<MetadataResponse>, Error> {
        let topic = |name: &&str| MetadataRequestTopic {
            name: Some((*name).to_owned()),
            ..Default::default()
        };
        let request = MetadataRequest {
            topics: topics.map(|topics| topics.iter().map(topic).collect()),
            allow_auto_topic_creation: false,
            ..Default::default()
        };
        // Before version 4 a broker may create the topics that it is asked for.
        self.ask_metadata(&request, 4, deadline)
    }

    /// Sends a Metadata request in this version or a later one, and learns the brokers.
    pub(crate) fn ask_metadata(
        &mut self,
        request: &MetadataRequest,
        first_version: i16,
        deadline: Deadline,
    ) -> Result<Answer<MetadataResponse>, Error> {
        let versions = Versions::new(first_version, i16::MAX);
        // A cluster that the bootstrap addresses lead to again and again is all there is.
        let mut times = self.cluster.bootstrap_len();
        let answer = loop {
            let answer = self.ask::<MetadataRequest, _>(versions, deadline, |_| request)?;
            match answer.response.error_code {
                ErrorCode::REBOOTSTRAP_REQUIRED => {
                    let address = &answer.exchange.broker.address;
                    self.config.learnt.failed(address);
                    self.rebootstrap();
                    if times == 0 || deadline.is_past() {
                        let code = answer.response.error_code;
                        return Err(answer.exchange.refusal(code, None));
                    }
                    times -= 1;
                }
                code => {
                    answer.exchange.check(code, None)?;
                    break answer;
                }
            }
        };
        self.cluster.update(&answer.response);
        self.identify_connections();
        self.told_by = self.cluster.identify(&answer.exchange.broker).id;
        Ok(answer)
    }
}
