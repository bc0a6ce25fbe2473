//! Neighbouring numbers of a struct, written and read together, with one check of the remaining
//! bytes for all of them.

use crate::reader::Reader;
use crate::writer::Writer;

/// The most numbers in one step.
const MAX_NUMBERS: usize = 8;
const MAX_SIZE: usize = MAX_NUMBERS * size_of::<i64>();

/// A number of a fixed size, big-endian.
pub trait Number: Copy {
    /// Its size in bytes.
    const SIZE: usize;

    /// Writes it at the start of `out` and returns what follows, or `None` if there is no room.
    fn put(self, out: &mut [u8]) -> Option<&mut [u8]>;

    /// Reads it from the start of `bytes` and returns what follows, or `None` if `bytes` is too
    /// short.
    fn get<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]>;
}

macro_rules! number {
    ($($type:ty, $value:ident -> $to:expr, $bytes:ident -> $from:expr;)*) => {$(
        impl Number for $type {
            const SIZE: usize = size_of::<$type>();

            #[inline]
            fn put(self, out: &mut [u8]) -> Option<&mut [u8]> {
                let $value = self;
                let (first, rest) = out.split_first_chunk_mut()?;
                *first = $to;
                Some(rest)
            }

            #[inline]
            fn get<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
                let (first, rest) = bytes.split_first_chunk()?;
                let $bytes = *first;
                *self = $from;
                Some(rest)
            }
        }
    )*};
}

number! {
    bool, value -> [u8::from(value)], bytes -> bytes != [0];
    i8, value -> value.to_be_bytes(), bytes -> Self::from_be_bytes(bytes);
    i16, value -> value.to_be_bytes(), bytes -> Self::from_be_bytes(bytes);
    u16, value -> value.to_be_bytes(), bytes -> Self::from_be_bytes(bytes);
    i32, value -> value.to_be_bytes(), bytes -> Self::from_be_bytes(bytes);
    u32, value -> value.to_be_bytes(), bytes -> Self::from_be_bytes(bytes);
    i64, value -> value.to_be_bytes(), bytes -> Self::from_be_bytes(bytes);
    f64, value -> value.to_be_bytes(), bytes -> Self::from_be_bytes(bytes);
}

/// A tuple of numbers to write.
pub trait NumbersOut {
    /// Their size in bytes.
    const SIZE: usize;

    /// Writes them at the start of `out`. Returns `None` if there is no room.
    fn put(self, out: &mut [u8]) -> Option<()>;
}

/// A tuple of references to numbers, to read into.
pub trait NumbersIn {
    /// The size of each, in bytes.
    const SIZES: &'static [usize];
    /// The size of all of them, in bytes.
    const SIZE: usize;

    /// Reads them from the start of `bytes`. Returns `None` if `bytes` is too short.
    fn get(self, bytes: &[u8]) -> Option<()>;
}

macro_rules! tuple {
    ($($type:ident $index:tt),*) => {
        impl<$($type: Number),*> NumbersOut for ($($type,)*) {
            const SIZE: usize = 0 $(+ $type::SIZE)*;

            #[inline]
            fn put(self, out: &mut [u8]) -> Option<()> {
                $(let out = self.$index.put(out)?;)*
                let _ = out;
                Some(())
            }
        }

        impl<$($type: Number),*> NumbersIn for ($(&mut $type,)*) {
            const SIZES: &'static [usize] = &[$($type::SIZE),*];
            const SIZE: usize = 0 $(+ $type::SIZE)*;

            #[inline]
            fn get(self, bytes: &[u8]) -> Option<()> {
                $(let bytes = self.$index.get(bytes)?;)*
                let _ = bytes;
                Some(())
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

/// Writes neighbouring numbers.
#[inline]
pub fn write_numbers<T: NumbersOut>(w: &mut Writer<'_>, numbers: T) -> bool {
    let mut bytes = [0; MAX_SIZE];
    let room = numbers.put(&mut bytes);
    debug_assert!(room.is_some());
    w.put(&bytes[..T::SIZE]);
    true
}

/// Reads neighbouring numbers. `names` are the names of their fields.
///
/// The error is [`ErrorKind::Incomplete`](crate::ErrorKind::Incomplete), with the name of the first
/// field that is cut off.
#[inline]
pub fn read_numbers<T: NumbersIn>(r: &mut Reader<'_>, numbers: T, names: &[&'static str]) -> bool {
    match r.rest.split_at_checked(T::SIZE) {
        Some((bytes, rest)) => {
            r.rest = rest;
            let complete = numbers.get(bytes);
            debug_assert!(complete.is_some());
            true
        }
        None => cut_off(r, T::SIZES, names),
    }
}

#[cold]
#[inline(never)]
fn cut_off(r: &mut Reader<'_>, sizes: &[usize], names: &[&'static str]) -> bool {
    for (&size, &name) in sizes.iter().zip(names) {
        if let Err(error) = r.take(size) {
            return r.failure.keep(error.in_field(name));
        }
    }
    true
}
