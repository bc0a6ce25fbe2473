//! Metadata: asked for by the caller, or for what the client has to know.

use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::{MetadataRequest, MetadataResponse};
use libkafka_protocol::{ErrorCode, Versions};

use super::client::Client;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;

impl Client {
    /// Asks for the brokers of the cluster, and for no topic.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn broker_metadata(&mut self) -> Result<MetadataResponse, Error> {
        self.topic_metadata(&[])
    }

    /// Asks for the brokers of the cluster and for these topics, which are not created by it.
    ///
    /// # Errors
    /// As [`call`](Self::call). An error code of a topic is for the caller to see.
    pub fn topic_metadata(&mut self, topics: &[&str]) -> Result<MetadataResponse, Error> {
        let deadline = self.deadline();
        Ok(self.metadata_by(Some(topics), deadline)?.response)
    }

    /// Asks for the brokers of the cluster and for all topics.
    ///
    /// # Errors
    /// As [`call`](Self::call). An error code of a topic is for the caller to see.
    pub fn all_metadata(&mut self) -> Result<MetadataResponse, Error> {
        let deadline = self.deadline();
        Ok(self.metadata_by(None, deadline)?.response)
    }

    /// Asks for the brokers, and for these topics or all.
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
