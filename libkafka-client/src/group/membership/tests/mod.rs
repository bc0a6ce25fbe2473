//! Tests of memberships: each state and answer by itself, and all of them interleaved.

mod answers;
mod claims;
mod classic_leaving;
mod classic_rebalances;
mod classic_refusals;
mod consumer_heartbeats;
mod consumer_leaving;
mod consumer_refusals;
mod driver;
mod interleavings;
