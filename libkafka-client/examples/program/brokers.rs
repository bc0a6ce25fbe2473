//! [`Brokers`]: the brokers that the command line names, or one in memory.

use std::time::Duration;

use libkafka_client::protocol::ErrorCode;
use libkafka_client::{Client, Config, Error, NewTopic, OffsetSpec, RetryPolicy};
use libkafka_testbroker::Broker;

/// How long a cluster may take until all of it knows a new topic.
const PATIENCE: Duration = Duration::from_secs(30);

/// The brokers of an example.
pub(crate) struct Brokers {
    bootstrap: String,
    /// Ends when it is dropped.
    embedded: Option<Broker>,
}

impl Brokers {
    /// The brokers at `bootstrap`; if it is `None`, one in memory, which ends with this value.
    pub(crate) fn new(bootstrap: Option<String>) -> Result<Self, libkafka_testbroker::Error> {
        if let Some(bootstrap) = bootstrap {
            let embedded = None;
            return Ok(Self {
                bootstrap,
                embedded,
            });
        }
        let embedded = Broker::start()?;
        Ok(Self {
            bootstrap: embedded.bootstrap(),
            embedded: Some(embedded),
        })
    }

    pub(crate) fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// The broker in memory, if it is one.
    pub(crate) fn embedded(&self) -> Option<&Broker> {
        self.embedded.as_ref()
    }

    /// A client, and a topic with at least one partition that records can be produced to. Returns
    /// the offset of the next record of partition 0, too.
    pub(crate) fn client_and_topic(&self, topic: &str) -> Result<(Client, i64), Error> {
        let mut client = Client::new(Config::new(&self.bootstrap))?;
        match client.create_topic(NewTopic::new(topic)) {
            Err(error) if error.code() == Some(ErrorCode::TOPIC_ALREADY_EXISTS) => {}
            created => created?,
        }
        let end = |client: &mut Client| client.fetcher(topic, 0)?.seek_to(OffsetSpec::Latest);
        let end = RetryPolicy::new().run(PATIENCE, &mut client, end)?;
        Ok((client, end))
    }
}
