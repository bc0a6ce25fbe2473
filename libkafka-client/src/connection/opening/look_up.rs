//! The step before all others: looking up the addresses behind an SRV name.

use std::io;

use super::{Opening, Progress, Step};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::net::SrvLookup;
use crate::place::Phase;

impl Opening {
    /// Looks up where to connect to, and goes on with the first address.
    pub(super) fn look_up(
        &mut self,
        mut lookup: SrvLookup,
        deadline: Deadline,
    ) -> Result<Progress, Error> {
        match lookup.advance(deadline.min(self.deadline)) {
            Ok(None) => return Ok(Progress::Waits(Step::LookUp(lookup))),
            Ok(Some(addresses)) => self.others = addresses.into(),
            Err(source) => return Err(Error::from_io(self.at(Phase::Resolve), source)),
        }
        let name = self.broker.address.clone();
        // A record that leads back to the name would never come to an end.
        self.others.retain(|address| *address != name);
        match self.goes_to_another() {
            true => Ok(Progress::Goes(std::mem::replace(
                &mut self.step,
                Step::Over,
            ))),
            false => {
                let source = io::ErrorKind::NotFound.into();
                Err(Error::from_io(self.at(Phase::Resolve), source))
            }
        }
    }
}
