//! The same request to both brokers, in every version: the same response.

mod both;
mod cluster;
mod configs;
mod described;
mod fetch;
mod groups;
mod produce;
mod topics;
mod versions;
