//! Memberships against the embedded broker, its clock held: thousands of groups, their members
//! joining, leaving, pausing and dying, requests and answers lost on the way.

mod connection;
mod member;
mod ownership;
mod simulation;
mod world;
