//! `UnknownTags`: the tagged fields that this library does not know.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use crate::limits::Limits;
use crate::reader::Reader;
use crate::writer::Writer;

/// Tagged fields that a newer peer sent and this library does not know. They are kept, and written
/// again if the version is flexible (KIP-482).
///
/// It is one pointer wide while it is empty. The fields are kept one after the other in their wire
/// form, ascending by tag, so many small ones take little more memory than they took of the frame.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct UnknownTags(Option<Box<Raw>>);

#[derive(Clone, PartialEq, Eq, Hash, Default)]
struct Raw {
    count: u32,
    /// The highest tag, which comes last.
    last: u32,
    /// Tag, size and value of each field.
    fields: Vec<u8>,
}

impl UnknownTags {
    /// No tags.
    #[inline]
    pub const fn new() -> Self {
        Self(None)
    }

    /// Returns whether there are no tags.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The number of tags.
    #[inline]
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |raw| raw.count as usize)
    }

    /// The tags and their values, ascending by tag.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.raw().map(|(tag, value, _)| (tag, value))
    }

    /// The value of a tag. Takes time linear in the number of tags.
    #[inline]
    pub fn get(&self, tag: u32) -> Option<&[u8]> {
        self.iter().find(|(t, _)| *t == tag).map(|(_, value)| value)
    }

    /// Sets the value of a tag, and replaces its previous value if there was one.
    ///
    /// Takes constant time if the tag is higher than all others, and otherwise time linear in the
    /// number of tags. To set many in any order, [collect](FromIterator) them.
    #[inline]
    pub fn insert(&mut self, tag: u32, value: &[u8]) {
        if self.0.as_ref().is_none_or(|raw| raw.last < tag) {
            return self.push(tag, value);
        }
        let mut merged = Self::new();
        for (t, v) in self.iter().filter(|(t, _)| *t < tag) {
            merged.push(t, v);
        }
        merged.push(tag, value);
        for (t, v) in self.iter().filter(|(t, _)| *t > tag) {
            merged.push(t, v);
        }
        *self = merged;
    }

    /// Adds a tag that is higher than all others.
    pub(crate) fn push(&mut self, tag: u32, value: &[u8]) {
        let raw = self.0.get_or_insert_default();
        let mut w = Writer::new(core::mem::take(&mut raw.fields), 0, true);
        w.unsigned_varint(tag);
        w.unsigned_varint(value.len() as u32);
        w.put(value);
        raw.fields = w.into_inner();
        raw.count += 1;
        raw.last = tag;
    }

    /// The tag, the value, and the whole field as it is on the wire.
    #[inline]
    pub(crate) fn raw(&self) -> impl Iterator<Item = (u32, &[u8], &[u8])> {
        let fields = self.0.as_ref().map_or(&[][..], |raw| &raw.fields);
        let mut reader = Reader::new(fields, 0, true, Limits::default());
        core::iter::from_fn(move || {
            let field = reader.rest();
            if field.is_empty() {
                // Not left to the reader, whose error would be allocated for each struct.
                return None;
            }
            // What `push` wrote is always complete.
            let tag = reader.unsigned_varint().ok()?;
            let size = reader.unsigned_varint().ok()?;
            let value = reader.take(size as usize).ok()?;
            Some((tag, value, &field[..field.len() - reader.rest().len()]))
        })
    }
}

impl fmt::Debug for UnknownTags {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Collects tags in any order. If a tag occurs several times, its last value is kept.
impl<V: AsRef<[u8]>> FromIterator<(u32, V)> for UnknownTags {
    fn from_iter<I: IntoIterator<Item = (u32, V)>>(tags: I) -> Self {
        let mut tags: Vec<_> = tags.into_iter().collect();
        // Stable, so that the last value of a tag stays the last.
        tags.sort_by_key(|(tag, _)| *tag);
        let mut all = Self::new();
        for same_tag in tags.chunk_by(|(a, _), (b, _)| a == b) {
            if let Some((tag, value)) = same_tag.last() {
                all.push(*tag, value.as_ref());
            }
        }
        all
    }
}
