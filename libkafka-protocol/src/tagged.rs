//! Tagged fields, at the end of the structs of flexible versions (KIP-482): a
//! count, and for each a tag, a size and a value.

use core::mem;

use crate::wire::Interleave;
use crate::{Error, ErrorKind, Reader, UnknownTags, Writer};

impl<'de> Reader<'de> {
    /// Shows `field` each tagged field, if the version is flexible.
    #[doc(hidden)]
    #[inline]
    pub fn tags(&mut self, field: impl FnMut(&mut Self, u32, usize) -> bool) -> bool {
        if !self.flexible() {
            return true;
        }
        if let Some((0, rest)) = self.rest.split_first() {
            self.rest = rest;
            return true;
        }
        self.each_tag(field)
    }

    fn each_tag(&mut self, mut field: impl FnMut(&mut Self, u32, usize) -> bool) -> bool {
        let count = match self.unsigned_varint() {
            Ok(count) => count,
            Err(error) => return self.failure.keep(error),
        };
        let mut previous = None;
        for _ in 0..count {
            let (tag, size) = match self.tag(previous) {
                Ok(next) => next,
                Err(error) => return self.failure.keep(error),
            };
            previous = Some(tag);
            if !field(self, tag, size) {
                return false;
            }
        }
        true
    }

    /// Tag and size of the next tagged field, which must come after `previous`.
    pub(crate) fn tag(&mut self, previous: Option<u32>) -> Result<(u32, usize), Error> {
        let tag = self.unsigned_varint()?;
        match previous {
            Some(previous) if tag <= previous => {
                Err(self.error(ErrorKind::TagOrder { tag, previous }))
            }
            _ => Ok((tag, self.unsigned_varint()? as usize)),
        }
    }

    /// Reads the `size` bytes of a tagged field.
    ///
    /// The error is what `read` left, [`ErrorKind::Incomplete`], or [`ErrorKind::TagSize`] if it
    /// leaves some of them unread; with the name of the field.
    #[doc(hidden)]
    pub fn tagged(
        &mut self,
        tag: u32,
        size: usize,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> bool,
    ) -> bool {
        let result = match self.take(size) {
            Ok(field) => {
                let behind = mem::replace(&mut self.rest, field);
                let ok = read(self);
                let result = self.finish(ok, "").and_then(|()| self.end_of_tag(tag));
                self.rest = behind;
                result
            }
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => true,
            Err(error) => self.failure.keep(error.in_field(name)),
        }
    }

    fn end_of_tag(&self, tag: u32) -> Result<(), Error> {
        match self.rest.len() {
            0 => Ok(()),
            unread => Err(self.error(ErrorKind::TagSize { tag, unread })),
        }
    }

    /// Passes over the tagged fields of a struct that knows none and keeps none.
    #[doc(hidden)]
    pub fn skip_tags(&mut self) -> bool {
        self.tags(|r, _, size| r.skip_tag(size))
    }

    /// Passes over the `size` bytes of a tagged field.
    #[doc(hidden)]
    pub fn skip_tag(&mut self, size: usize) -> bool {
        let result = self.take(size).map(drop);
        self.failure.check(result)
    }

    /// Keeps a tagged field that the struct does not know.
    #[doc(hidden)]
    #[cold]
    #[inline(never)]
    pub fn unknown_tag(&mut self, tag: u32, size: usize, tags: &mut UnknownTags) -> bool {
        let result = tags.read_one(tag, size, self);
        self.failure.check(result)
    }

    /// Refuses a known tag in a version that lacks it.
    #[doc(hidden)]
    #[cold]
    #[inline(never)]
    pub fn tag_not_in_version(&mut self, tag: u32, name: &'static str) -> bool {
        let error = self.error(ErrorKind::TagNotInVersion { tag });
        self.failure.keep(error.in_field(name))
    }
}

impl Writer<'_> {
    /// Ends a struct that has no tagged fields.
    #[doc(hidden)]
    #[inline]
    pub fn no_tags(&mut self) -> bool {
        if self.flexible() {
            self.unsigned_varint(0);
        }
        true
    }

    /// Refuses unknown tags in a version that has no tags.
    #[doc(hidden)]
    #[inline]
    pub fn no_unknown_tags(&mut self, tags: &UnknownTags) -> bool {
        let result = tags.check_absent(self);
        self.failure.check(result)
    }

    /// Writes the unknown tags below a known one.
    #[doc(hidden)]
    pub fn tags_below<'t, I>(&mut self, tag: u32, unknown: &mut Interleave<'t, I>) -> bool
    where
        I: Iterator<Item = (u32, &'t [u8], &'t [u8])>,
    {
        let result = unknown.write_below(tag, self);
        self.failure.check(result)
    }

    /// Writes the unknown tags that are left.
    #[doc(hidden)]
    pub fn tags_left<'t, I>(&mut self, unknown: Interleave<'t, I>) -> bool
    where
        I: Iterator<Item = (u32, &'t [u8], &'t [u8])>,
    {
        unknown.write_rest(self);
        true
    }
}
