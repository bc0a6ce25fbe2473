//! Transactions, as their coordinator knows them (KIP-98, KIP-360, KIP-890).

mod coordinator;
mod end;
mod init;
mod isolation;
mod marker;
mod phase;
mod producer_id;
#[expect(clippy::module_inception, reason = "it holds `Transaction`")]
mod transaction;

pub(crate) use end::End;
pub(crate) use isolation::Isolation;
pub(crate) use marker::Marker;
pub(crate) use phase::TransactionPhase;
pub(crate) use producer_id::ProducerId;
pub(crate) use transaction::{Transaction, Transactions};
