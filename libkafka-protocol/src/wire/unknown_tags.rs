//! Tagged fields that this library does not know.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use crate::{Error, ErrorKind, Limits, Reader, Writer};

/// Tagged fields that a newer peer sent and this library does not know: kept,
/// and written again where the version is flexible (KIP-482).
///
/// One pointer while there are none. The fields stand one after the other in
/// the form that they have on the wire, ascending by tag, so that many small
/// ones take little more memory than they took of the frame.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct UnknownTags(Option<Box<Raw>>);

#[derive(Clone, PartialEq, Eq, Hash, Default)]
struct Raw {
    count: u32,
    /// Tag, size and value of each field.
    fields: Vec<u8>,
}

impl UnknownTags {
    /// No tags.
    #[inline]
    pub const fn new() -> Self {
        Self(None)
    }

    /// Are there none?
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Number of tags.
    #[inline]
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |raw| raw.count as usize)
    }

    /// The tags and their values, ascending by tag.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.raw().map(|(tag, value, _)| (tag, value))
    }

    /// The value of a tag.
    #[inline]
    pub fn get(&self, tag: u32) -> Option<&[u8]> {
        self.iter().find(|(t, _)| *t == tag).map(|(_, value)| value)
    }

    /// Sets the value of a tag; what it had before is replaced.
    ///
    /// Takes time linear in the number of tags, unless they come in ascending
    /// order.
    #[inline]
    pub fn insert(&mut self, tag: u32, value: &[u8]) {
        if self.iter().last().is_none_or(|(last, _)| last < tag) {
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

    /// Adds a tag that is higher than all that are there.
    fn push(&mut self, tag: u32, value: &[u8]) {
        let raw = self.0.get_or_insert_default();
        let mut w = Writer::new(core::mem::take(&mut raw.fields), 0, true);
        w.unsigned_varint(tag);
        w.unsigned_varint(value.len() as u32);
        w.put(value);
        raw.fields = w.into_inner();
        raw.count += 1;
    }

    /// Tag, value, and all of the field as it is written.
    #[inline]
    fn raw(&self) -> impl Iterator<Item = (u32, &[u8], &[u8])> {
        let fields = self.0.as_ref().map_or(&[][..], |raw| &raw.fields);
        let mut reader = Reader::new(fields, 0, true, Limits::default());
        core::iter::from_fn(move || {
            let field = reader.rest();
            // What was written by `push` is always whole.
            let (tag, size) = reader.tag(None).ok()?;
            let value = reader.take(size).ok()?;
            Some((tag, value, &field[..field.len() - reader.rest().len()]))
        })
    }

    /// Walks over the tags while a struct writes its known ones between them.
    #[doc(hidden)]
    #[inline]
    pub fn interleave(&self) -> Interleave<'_, impl Iterator<Item = (u32, &[u8], &[u8])>> {
        Interleave {
            fields: self.raw().peekable(),
        }
    }

    /// Reads the tagged fields at the end of a struct that knows none.
    ///
    /// # Errors
    /// If they are cut off, overflow or do not ascend.
    #[doc(hidden)]
    #[inline]
    pub fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Error> {
        if !r.flexible() {
            return Ok(());
        }
        if let Some((0, rest)) = r.rest.split_first() {
            r.rest = rest;
            return Ok(());
        }
        self.read_all(r)
    }

    #[cold]
    #[inline(never)]
    fn read_all(&mut self, r: &mut Reader<'_>) -> Result<(), Error> {
        let ok = r.tags(|r, tag, size| r.unknown_tag(tag, size, self));
        r.finish(ok, "")
    }

    /// Reads one of them.
    ///
    /// # Errors
    /// [`ErrorKind::Incomplete`]
    #[doc(hidden)]
    #[cold]
    #[inline(never)]
    pub fn read_one(&mut self, tag: u32, size: usize, r: &mut Reader<'_>) -> Result<(), Error> {
        self.push(tag, r.take(size)?);
        Ok(())
    }

    /// Writes the tags of a struct that knows none itself.
    ///
    /// # Errors
    /// [`ErrorKind::TagsNotInVersion`]
    #[doc(hidden)]
    #[inline]
    pub fn write(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        if self.is_empty() {
            w.no_tags();
            return Ok(());
        }
        self.write_all(w)
    }

    #[cold]
    #[inline(never)]
    fn write_all(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        if !w.flexible() {
            return self.check_absent(w);
        }
        w.unsigned_varint(self.len() as u32);
        self.interleave().write_rest(w);
        Ok(())
    }

    /// Refuses tags in a version that has none.
    ///
    /// # Errors
    /// [`ErrorKind::TagsNotInVersion`]
    #[doc(hidden)]
    #[inline]
    pub fn check_absent(&self, w: &Writer<'_>) -> Result<(), Error> {
        if self.is_empty() {
            return Ok(());
        }
        Err(w
            .error(ErrorKind::TagsNotInVersion)
            .in_field("unknown_tags"))
    }
}

impl fmt::Debug for UnknownTags {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<V: AsRef<[u8]>> FromIterator<(u32, V)> for UnknownTags {
    fn from_iter<I: IntoIterator<Item = (u32, V)>>(tags: I) -> Self {
        let mut all = Self::new();
        for (tag, value) in tags {
            all.insert(tag, value.as_ref());
        }
        all
    }
}

/// Unknown tags on their way out, in order with the known ones.
#[doc(hidden)]
pub struct Interleave<'t, I: Iterator<Item = (u32, &'t [u8], &'t [u8])>> {
    fields: core::iter::Peekable<I>,
}

impl<'t, I: Iterator<Item = (u32, &'t [u8], &'t [u8])>> Interleave<'t, I> {
    /// Writes the tags below `tag`, which is the next known one.
    ///
    /// # Errors
    /// [`ErrorKind::TagIsKnown`] if it is among the unknown ones.
    #[inline]
    pub fn write_below(&mut self, tag: u32, w: &mut Writer<'_>) -> Result<(), Error> {
        while let Some((_, _, field)) = self.fields.next_if(|(t, _, _)| *t < tag) {
            w.put(field);
        }
        match self.fields.peek() {
            Some((t, _, _)) if *t == tag => Err(w.error(ErrorKind::TagIsKnown { tag })),
            _ => Ok(()),
        }
    }

    /// Writes the tags that are left.
    #[inline]
    pub fn write_rest(self, w: &mut Writer<'_>) {
        for (_, _, field) in self.fields {
            w.put(field);
        }
    }
}
