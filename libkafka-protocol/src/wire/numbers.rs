//! Numbers that stand next to one another in a struct: the derive writes and reads them in one go,
//! with one look at what is left of the buffer for all.

use crate::{Reader, Writer};

/// Most numbers in one go.
const MAX_NUMBERS: usize = 8;
const MAX_SIZE: usize = MAX_NUMBERS * size_of::<i64>();

/// A number of a fixed size, big-endian.
pub trait Number: Copy {
    /// Its size in bytes.
    const SIZE: usize;

    /// Writes it at the start of `out`, and returns what is behind; none if it has no room.
    fn put(self, out: &mut [u8]) -> Option<&mut [u8]>;

    /// Reads it from the start of `bytes`, and returns what is behind; none if it is not there.
    fn get<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]>;
}

macro_rules! number {
    ($($type:ty, $value:ident -> $to:expr, $bytes:ident -> $from:expr;)*) => {$(
        impl Number for $type {
            const SIZE: usize = size_of::<$type>();

            #[inline]
            fn put(self, out: &mut [u8]) -> Option<&mut [u8]> {
                let $value = self;
                let (first, behind) = out.split_first_chunk_mut()?;
                *first = $to;
                Some(behind)
            }

            #[inline]
            fn get<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
                let (first, behind) = bytes.split_first_chunk()?;
                let $bytes = *first;
                *self = $from;
                Some(behind)
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

/// A tuple of numbers, to be written.
pub trait NumbersOut {
    /// Their size in bytes.
    const SIZE: usize;

    /// Writes them at the start of `out`; none if they have no room.
    fn put(self, out: &mut [u8]) -> Option<()>;
}

/// A tuple of references to numbers, to be read into.
pub trait NumbersIn {
    /// The size of each in bytes.
    const SIZES: &'static [usize];
    /// The size of all.
    const SIZE: usize;

    /// Reads them from the start of `bytes`; none if they are not all there.
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

impl Writer<'_> {
    /// Appends neighbouring numbers.
    #[doc(hidden)]
    #[inline]
    pub fn numbers<T: NumbersOut>(&mut self, numbers: T) -> bool {
        let mut bytes = [0; MAX_SIZE];
        let room = numbers.put(&mut bytes);
        debug_assert!(room.is_some());
        self.put(&bytes[..T::SIZE]);
        true
    }
}

impl Reader<'_> {
    /// Reads neighbouring numbers; `names` are those of their fields.
    ///
    /// The error is [`ErrorKind::Incomplete`](crate::ErrorKind::Incomplete), with the name of the
    /// first field that is not whole.
    #[doc(hidden)]
    #[inline]
    pub fn numbers<T: NumbersIn>(&mut self, numbers: T, names: &[&'static str]) -> bool {
        match self.rest.split_at_checked(T::SIZE) {
            Some((bytes, rest)) => {
                self.rest = rest;
                let whole = numbers.get(bytes);
                debug_assert!(whole.is_some());
                true
            }
            None => self.cut_off(T::SIZES, names),
        }
    }

    #[cold]
    #[inline(never)]
    fn cut_off(&mut self, sizes: &[usize], names: &[&'static str]) -> bool {
        for (&size, &name) in sizes.iter().zip(names) {
            if let Err(error) = self.take(size) {
                return self.failure.keep(error.in_field(name));
            }
        }
        true
    }
}
