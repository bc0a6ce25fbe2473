//! The client against servers that do as they are told, over real sockets.

mod bad_input;
mod connections;
mod elsewhere;
mod examples;
mod hostile;
mod in_memory;
#[cfg(feature = "log")]
mod lines;
mod mistakes;
#[cfg(all(feature = "dns", feature = "tls-ring"))]
mod opening;
mod partitioner;
mod scripted;
#[cfg(feature = "scram")]
mod secrets;
mod small_calls;
mod threads;
mod unasked;
mod versions;
mod within;
