//! The code generator: one file for each trait that a struct gets.

mod code;
mod context;
mod decode;
mod default;
mod encode;
mod field;
mod generate;
mod json;
mod message;
mod parts;
mod schema;
mod steps;
mod tags;
mod value;

pub(crate) use self::code::expand;
pub(crate) use self::message::answer;
