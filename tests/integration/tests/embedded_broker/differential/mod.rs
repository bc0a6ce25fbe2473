//! The same request to both brokers, in every version: the same response.

mod acls;
mod alice;
mod both;
mod cluster;
mod configs;
mod damage;
mod denials;
mod described;
mod fetch;
mod groups;
mod guarded;
mod produce;
mod quotas;
mod topics;
mod users;
mod versions;
