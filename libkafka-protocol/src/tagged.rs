//! Tagged fields, at the end of the structs of flexible versions (KIP-482): a
//! count, and for each a tag, a size and a value.

use core::mem;

use crate::{Error, ErrorKind, Reader, Writer};

impl<'de> Reader<'de> {
    /// Shows `field` each tagged field, if the version is flexible.
    ///
    /// # Errors
    /// What `field` gives, or if tags and sizes are cut off, overflow or do not
    /// ascend.
    #[doc(hidden)]
    #[inline]
    pub fn tags(
        &mut self,
        mut field: impl FnMut(&mut Self, u32, usize) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if !self.flexible() {
            return Ok(());
        }
        let mut previous = None;
        for _ in 0..self.unsigned_varint()? {
            let (tag, size) = self.tag(previous)?;
            previous = Some(tag);
            field(self, tag, size)?;
        }
        Ok(())
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
    /// # Errors
    /// What `read` gives, [`ErrorKind::Incomplete`], or [`ErrorKind::TagSize`]
    /// if it leaves some of them unread; with the name of the field.
    #[doc(hidden)]
    pub fn tagged(
        &mut self,
        tag: u32,
        size: usize,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.only(tag, size, read)
            .map_err(|error| error.in_field(name))
    }

    fn only(
        &mut self,
        tag: u32,
        size: usize,
        read: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let field = self.take(size)?;
        let behind = mem::replace(&mut self.rest, field);
        read(self)?;
        if !self.rest.is_empty() {
            let unread = self.rest.len();
            return Err(self.error(ErrorKind::TagSize { tag, unread }));
        }
        self.rest = behind;
        Ok(())
    }

    /// Passes over the tagged fields of a struct that knows none and keeps none.
    ///
    /// # Errors
    /// If they are cut off, overflow or do not ascend.
    #[doc(hidden)]
    pub fn skip_tags(&mut self) -> Result<(), Error> {
        self.tags(|r, _, size| r.take(size).map(|_| ()))
    }

    /// The error that a known tag is in a version that lacks it.
    ///
    /// # Errors
    /// Always.
    #[doc(hidden)]
    #[cold]
    pub fn tag_not_in_version(&self, tag: u32, name: &'static str) -> Result<(), Error> {
        Err(self
            .error(ErrorKind::TagNotInVersion { tag })
            .in_field(name))
    }
}

impl Writer<'_> {
    /// Ends a struct that has no tagged fields.
    ///
    /// # Errors
    /// Never.
    #[doc(hidden)]
    #[inline]
    pub fn no_tags(&mut self) -> Result<(), Error> {
        if self.flexible() {
            self.unsigned_varint(0);
        }
        Ok(())
    }

    /// The error that a field is set in a version that lacks it.
    #[doc(hidden)]
    #[cold]
    #[inline(never)]
    pub fn not_in_version(&self) -> Error {
        self.error(ErrorKind::NotInVersion)
    }
}
