//! The embedded broker held against clients that are not ours.

mod java_tools;
