//! The client against servers that do as they are told, over real sockets.

mod bad_input;
mod connections;
mod scripted;
mod small_calls;
