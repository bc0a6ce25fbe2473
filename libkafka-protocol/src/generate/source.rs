//! `Generate` and `Source`: values generated from arbitrary bytes, one decision at a time.

/// The most elements in all arrays of one message, including tags. It keeps the message small.
const MAX_ELEMENTS: usize = 256;

/// The most levels of nested arrays and nullable values: more than any message of Kafka has, and
/// few enough for a struct that contains itself.
const MAX_DEPTH: u8 = 12;

/// A value that can be generated from bytes that live for `'source`.
///
/// Derived by [`KafkaWire`](macro@crate::KafkaWire). Every sequence of bytes makes a value, and the
/// fewer and smaller they are, the simpler the value: no bytes at all make zeros, empty strings and
/// empty arrays.
#[diagnostic::on_unimplemented(
    message = "values of `{Self}` cannot be made up",
    label = "needs `#[derive(KafkaWire)]`, or `Generate`"
)]
pub trait Generate<'source>: Default {
    /// Makes a value for the version of `source`.
    fn generate(source: &mut Source<'source>) -> Self;
}

/// Arbitrary bytes to generate values from, and the version to generate them for.
///
/// A decision takes one or a few bytes. Zero is always the simplest choice, and once the bytes are
/// used up, all further ones are zero.
#[derive(Debug)]
pub struct Source<'a> {
    rest: &'a [u8],
    version: i16,
    flexible: bool,
    elements: usize,
    depth: u8,
}

impl<'a> Source<'a> {
    /// A source of `bytes` for `version`. `flexible` says whether that version has tagged fields.
    pub fn new(bytes: &'a [u8], version: i16, flexible: bool) -> Self {
        Self {
            rest: bytes,
            version,
            flexible,
            elements: MAX_ELEMENTS,
            depth: MAX_DEPTH,
        }
    }

    /// The version that values are generated for.
    pub fn version(&self) -> i16 {
        self.version
    }

    /// Whether that version has tagged fields.
    pub fn flexible(&self) -> bool {
        self.flexible
    }

    /// The bytes that have not been used yet.
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

    /// The next `n` bytes, or all if there are fewer.
    pub fn take(&mut self, n: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(n.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// One of `choices`, or the default of their type if there are none.
    pub fn choose<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let index = usize::from(self.byte()) % choices.len().max(1);
        choices.get(index).copied().unwrap_or_default()
    }

    /// The number of elements that an array should have; usually few.
    pub fn count(&mut self) -> usize {
        let count = match self.byte() {
            0..48 => 0,
            48..152 => 1,
            152..224 => 2,
            224..252 => 3,
            // The varint of the count, or of the count plus one, grows here.
            edge => usize::from(edge) - 252 + 126,
        };
        let count = if self.depth == 0 { 0 } else { count };
        let count = count.min(self.elements);
        self.elements -= count;
        count
    }

    /// Returns what `make` returns one level deeper, or `None` at the deepest level.
    pub fn deeper<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.depth = self.depth.checked_sub(1)?;
        let made = make(self);
        self.depth += 1;
        Some(made)
    }
}
