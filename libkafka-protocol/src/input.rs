//! `Input`: the bytes that a message is decoded from.

use alloc::vec::Vec;

use bytes::Bytes;

/// The bytes that a message is decoded from.
///
/// Decoded from `&Bytes`, fields of type [`Bytes`] are slices of the input and nothing is copied.
/// Decoded from anything else, such as `&[u8]`, they are copies. Borrowed fields (`&[u8]`, `&str`)
/// borrow from the input in both cases.
pub trait Input<'de> {
    /// The bytes, and the `Bytes` that they are part of, if any.
    fn parts(self) -> (&'de [u8], Option<&'de Bytes>);
}

impl<'de> Input<'de> for &'de Bytes {
    fn parts(self) -> (&'de [u8], Option<&'de Bytes>) {
        (self, Some(self))
    }
}

impl<'de> Input<'de> for &'de [u8] {
    fn parts(self) -> (&'de [u8], Option<&'de Bytes>) {
        (self, None)
    }
}

impl<'de> Input<'de> for &'de Vec<u8> {
    fn parts(self) -> (&'de [u8], Option<&'de Bytes>) {
        (self, None)
    }
}

impl<'de, const N: usize> Input<'de> for &'de [u8; N] {
    fn parts(self) -> (&'de [u8], Option<&'de Bytes>) {
        (self, None)
    }
}

/// The result of [`parts`](Input::parts) itself.
impl<'de> Input<'de> for (&'de [u8], Option<&'de Bytes>) {
    fn parts(self) -> Self {
        self
    }
}
