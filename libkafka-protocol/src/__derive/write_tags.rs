//! The steps that write tagged fields.

use core::iter::Peekable;

use crate::error::ErrorKind;
use crate::wire::UnknownTags;
use crate::writer::Writer;

/// Ends a struct that has no tagged fields.
#[inline]
pub fn write_no_tags(w: &mut Writer<'_>) -> bool {
    if w.flexible() {
        w.unsigned_varint(0);
    }
    true
}

/// Writes the tagged fields of a struct that has none of its own and keeps unknown ones.
#[inline]
pub fn write_unknown_tags(w: &mut Writer<'_>, tags: &UnknownTags) -> bool {
    if tags.is_empty() {
        return write_no_tags(w);
    }
    each_unknown_tag(w, tags)
}

#[cold]
#[inline(never)]
fn each_unknown_tag(w: &mut Writer<'_>, tags: &UnknownTags) -> bool {
    if !w.flexible() {
        return refuse_unknown_tags(w, tags);
    }
    w.unsigned_varint(tags.len() as u32);
    unknown_tags_between(tags).write_rest(w)
}

/// Refuses unknown tags in a version that has no tagged fields.
#[inline]
pub fn refuse_unknown_tags(w: &mut Writer<'_>, tags: &UnknownTags) -> bool {
    if tags.is_empty() {
        return true;
    }
    let error = w.error(ErrorKind::TagsNotInVersion);
    w.failure.keep(error.in_field("unknown_tags"))
}

/// Writes a tagged field: its tag, its size, and what `value` writes.
#[inline]
pub fn write_tag<'a>(
    w: &mut Writer<'a>,
    tag: u32,
    value: impl FnOnce(&mut Writer<'a>) -> bool,
) -> bool {
    w.tagged(tag, value)
}

/// The tag of an unknown field, its value, and the whole field as it is on the wire.
type Field<'t> = (u32, &'t [u8], &'t [u8]);

/// Unknown tags that are written between the known ones, with all tags in ascending order.
pub struct UnknownTagsBetween<'t, I: Iterator<Item = Field<'t>>> {
    fields: Peekable<I>,
}

/// The unknown tags of a struct, to write between its known ones.
#[inline]
pub fn unknown_tags_between(
    tags: &UnknownTags,
) -> UnknownTagsBetween<'_, impl Iterator<Item = Field<'_>>> {
    UnknownTagsBetween {
        fields: tags.raw().peekable(),
    }
}

impl<'t, I: Iterator<Item = Field<'t>>> UnknownTagsBetween<'t, I> {
    /// Writes the tags below `tag`, the next known one.
    ///
    /// The error is [`ErrorKind::TagIsKnown`] if `tag` is among the unknown ones.
    #[inline]
    pub fn write_below(&mut self, w: &mut Writer<'_>, tag: u32) -> bool {
        while let Some((_, _, field)) = self.fields.next_if(|(t, _, _)| *t < tag) {
            w.put(field);
        }
        match self.fields.peek() {
            Some((t, _, _)) if *t == tag => {
                let error = w.error(ErrorKind::TagIsKnown { tag });
                w.failure.keep(error)
            }
            _ => true,
        }
    }

    /// Writes the remaining tags.
    #[inline]
    pub fn write_rest(self, w: &mut Writer<'_>) -> bool {
        for (_, _, field) in self.fields {
            w.put(field);
        }
        true
    }
}
