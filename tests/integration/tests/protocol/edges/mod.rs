//! Where implementations of the protocol go wrong, each against bytes written
//! by hand that Kafka's own classes read and write too.

mod both_ways;
mod headers;
mod null_and_tags;
mod ranges;
