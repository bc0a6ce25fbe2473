//! `Coordinator`: calls to the coordinator of a group.

use std::borrow::Borrow;

use libkafka_protocol::{Request, Versions};

use crate::cluster::{Client, Route, Target};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;

/// Calls to the coordinator of a group, which is looked up once.
pub(super) struct Coordinator {
    pub(super) client: Client,
    pub(super) group_id: String,
    id: Option<i32>,
}

impl Coordinator {
    pub(super) fn new(client: Client, group_id: String) -> Self {
        Self {
            client,
            group_id,
            id: None,
        }
    }

    /// Sends what `build` returns for the chosen version, and waits for the response.
    pub(super) fn call<R: Request, B: Borrow<R>>(
        &mut self,
        versions: Versions,
        deadline: Deadline,
        build: impl Fn(i16) -> B,
    ) -> Result<Answer<R::Response>, Error> {
        let route = self.find(deadline)?;
        self.client
            .exchange::<R, B>(route, versions, deadline, build)
    }

    /// The coordinator, looked up once.
    pub(super) fn find(&mut self, deadline: Deadline) -> Result<Route, Error> {
        if let Some(id) = self.id
            && self.client.cluster.broker(id).is_some()
        {
            return Ok(Route::Broker(id));
        }
        let target = Target::GroupCoordinator(&self.group_id);
        let route = self.client.route(target, deadline)?;
        if let Route::Broker(id) = route {
            self.id = Some(id);
        }
        Ok(route)
    }

    /// Looks up the coordinator again.
    pub(super) fn refresh(&mut self) -> Result<(), Error> {
        self.id = None;
        // A former coordinator may be the one that was asked, and believe in itself.
        self.client.doubt();
        let deadline = self.client.deadline();
        self.find(deadline).map(drop)
    }
}
