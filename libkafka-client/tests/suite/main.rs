//! The client against servers that do as they are told, over real sockets.

mod bad_input;
mod connections;
mod elsewhere;
mod examples;
mod hostile;
mod in_memory;
// The same clock as in the suites against brokers.
#[allow(unreachable_pub)]
#[path = "../../../tests/integration/src/in_time.rs"]
mod in_time;
#[cfg(feature = "log")]
mod lines;
mod mistakes;
#[cfg(all(feature = "dns", feature = "tls"))]
mod opening;
mod partitioner;
mod scripted;
#[cfg(feature = "scram")]
mod secrets;
mod small_calls;
mod unasked;
mod versions;
mod within;
