//! Lists and describes groups.

use libkafka_protocol::Versions;
use libkafka_protocol::messages::{DescribeGroupsRequest, ListGroupsRequest};

pub use libkafka_protocol::messages::describe_groups::DescribedGroup;
pub use libkafka_protocol::messages::list_groups::ListedGroup;

use crate::cluster::{Client, Route, Target};
use crate::error::Error;
use crate::exchange::Answer;

impl Client {
    /// Asks every broker for the groups that it coordinates.
    ///
    /// # Errors
    /// [`Error::Broker`] with the reason, and the errors of [`call`](Self::call).
    pub fn list_groups(&mut self) -> Result<Vec<ListedGroup>, Error> {
        let deadline = self.deadline();
        self.metadata_by(Some(&[]), deadline)?;
        let ids: Vec<i32> = self.cluster.brokers().filter_map(|b| b.id).collect();
        let request = ListGroupsRequest::default();
        let mut groups = Vec::new();
        for id in ids {
            let route = Route::Broker(id);
            let Answer { response, exchange } =
                self.exchange::<ListGroupsRequest, _>(route, Versions::ALL, deadline, |_| {
                    &request
                })?;
            exchange.check(response.error_code, None)?;
            groups.extend(response.groups);
        }
        Ok(groups)
    }

    /// Describes a group. A group that does not exist is in the state `Dead`; with brokers from 4.0
    /// on it is the error [`GROUP_ID_NOT_FOUND`](crate::protocol::ErrorCode::GROUP_ID_NOT_FOUND).
    ///
    /// # Errors
    /// [`Error::Broker`] with the reason, and the errors of [`broker_of`](Self::broker_of).
    pub fn describe_group(&mut self, group_id: &str) -> Result<DescribedGroup, Error> {
        let deadline = self.deadline();
        let request = DescribeGroupsRequest {
            groups: vec![group_id.to_owned()],
            ..Default::default()
        };
        let route = self.route(Target::GroupCoordinator(group_id), deadline)?;
        let Answer { response, exchange } =
            self.exchange::<DescribeGroupsRequest, _>(route, Versions::ALL, deadline, |_| {
                &request
            })?;
        let mut groups = response.groups.into_iter();
        let group = groups.find(|group| group.group_id == group_id);
        let outcome = group.as_ref();
        self.outcome(
            &exchange,
            outcome.map(|group| (group.error_code, group.error_message.clone())),
        )?;
        Ok(group.unwrap_or_default())
    }
}
