//! Arbitrary bytes, spent one decision at a time.

use super::Generate;
use crate::UnknownTags;

/// Elements in all arrays of one message, tags included: what keeps it small.
const MAX_ELEMENTS: usize = 256;

/// Levels of arrays and nullable values within each other: more than any
/// message of Kafka has, and few enough for a struct that contains itself.
const MAX_DEPTH: u8 = 12;

/// Arbitrary bytes that values are made of, and the version to make them for.
///
/// A decision takes a byte or a few; zero is always the simplest choice, and
/// zeros are what there is when the bytes are used up.
#[derive(Debug)]
pub struct Source<'a> {
    rest: &'a [u8],
    version: i16,
    flexible: bool,
    elements: usize,
    depth: u8,
}

impl<'a> Source<'a> {
    /// A source of `bytes` for `version`, which is `flexible` or not.
    pub fn new(bytes: &'a [u8], version: i16, flexible: bool) -> Self {
        Self {
            rest: bytes,
            version,
            flexible,
            elements: MAX_ELEMENTS,
            depth: MAX_DEPTH,
        }
    }

    /// The version that values are made for.
    pub fn version(&self) -> i16 {
        self.version
    }

    /// Whether that version has tagged fields.
    pub fn flexible(&self) -> bool {
        self.flexible
    }

    /// Bytes that are not used yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        self.array::<1>()[0]
    }

    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let taken = self.take(N);
        let mut array = [0; N];
        array[..taken.len()].copy_from_slice(taken);
        array
    }

    /// The next `n` bytes, or as many as there are.
    pub fn take(&mut self, n: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(n.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// One of `choices`, or their type's default if there are none.
    pub fn choose<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let index = usize::from(self.byte()) % choices.len().max(1);
        choices.get(index).copied().unwrap_or_default()
    }

    /// How many elements an array is to have: few, as a rule.
    pub fn count(&mut self) -> usize {
        let count = match self.byte() {
            0..48 => 0,
            48..152 => 1,
            152..224 => 2,
            224..252 => 3,
            // Where the varint of the count, or of the count and one, grows.
            edge => usize::from(edge) - 252 + 126,
        };
        let count = if self.depth == 0 { 0 } else { count };
        let count = count.min(self.elements);
        self.elements -= count;
        count
    }

    /// What `make` makes, one level deeper, or none at the deepest.
    pub fn deeper<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.depth = self.depth.checked_sub(1)?;
        let made = make(self);
        self.depth += 1;
        Some(made)
    }

    /// Makes the value of a field.
    pub fn fill<T: Generate<'a>>(&mut self, field: &mut T) {
        *field = T::generate(self);
    }

    /// Makes the value of a field that must not be null.
    #[doc(hidden)]
    pub fn fill_present<T: Generate<'a>>(&mut self, field: &mut Option<T>) {
        *field = Some(T::generate(self));
    }

    /// Makes tags that are not among the `known` ones, mostly none at all.
    #[doc(hidden)]
    pub fn fill_tags(&mut self, tags: &mut UnknownTags, known: &[u32]) {
        if !self.flexible || self.byte() < 232 {
            return;
        }
        for _ in 0..self.count() {
            // Kafka takes tags for signed numbers, and the last one for the end of them.
            let tag = u32::generate(self) % i32::MAX as u32;
            let value = <&[u8]>::generate(self);
            if !known.contains(&tag) {
                tags.insert(tag, value);
            }
        }
    }
}
