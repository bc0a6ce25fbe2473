//! `Field`: the one trait by which derived code asks whether a type can be a field.

use crate::wire::Value;

/// A type that a field of a message may have.
///
/// Derived code needs half a dozen traits of each field, and a type that lacks one usually lacks
/// them all. So the code names the type in this trait only, and calls the other traits on what this
/// one returns. If the type does not implement it, [`Itself`](Self::Itself) is unknown and the
/// compiler reports nothing else about it; and its error is the same in all impls, so it is printed
/// once.
///
/// `By` is always inferred. It has two choices because, with only one, the compiler would take
/// `Itself` for the type without asking whether the bound holds.
/// whether its bound holds before it takes `Itself` for the type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a Kafka message",
    label = "not a type of the Kafka protocol, or a struct without `#[derive(KafkaWire)]`",
    note = "a field is a `bool`, `i8`, `i16`, `u16`, `i32`, `u32`, `i64`, `f64`, `String`, `&str`, \
            `Bytes`, `&[u8]`, `Uuid`, `ErrorCode`, `ApiKey` or `BrokerIds`, a struct that derives \
            `KafkaWire`, or a `Vec`, `Option` or `Box` of these",
    note = "strings, bytes, arrays and structs can be in an `Option`; numbers, `bool`, `Uuid` and \
            codes cannot be null"
)]
pub trait Field<By>: Sized {
    /// The type itself.
    type Itself;

    /// The field.
    fn get(&self) -> &Self::Itself;

    /// The field, mutably.
    fn get_mut(&mut self) -> &mut Self::Itself;

    /// Makes a field of this value.
    fn make(value: Self::Itself) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Value> Field<ByValue> for T {
    type Itself = T;

    #[inline(always)]
    fn get(&self) -> &T {
        self
    }

    #[inline(always)]
    fn get_mut(&mut self) -> &mut T {
        self
    }

    #[inline(always)]
    fn make(value: T) -> T {
        value
    }
}

/// The choice for every type that can be a field.
pub enum ByValue {}

/// The choice for no type.
pub enum ByNothing {}

/// A trait that no type implements.
pub trait Nothing {}

#[diagnostic::do_not_recommend]
impl<T: Nothing> Field<ByNothing> for T {
    type Itself = T;

    fn get(&self) -> &T {
        self
    }

    fn get_mut(&mut self) -> &mut T {
        self
    }

    fn make(value: T) -> T {
        value
    }
}
