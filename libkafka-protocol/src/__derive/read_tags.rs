//! The steps that read tagged fields, at the end of the structs of flexible versions (KIP-482): a
//! count, then a tag, a size and a value for each.

use core::mem;

use crate::error::{Error, ErrorKind};
use crate::reader::Reader;
use crate::wire::UnknownTags;

/// Calls `field` with the tag and the size of each tagged field, if the version is flexible.
#[inline]
pub fn read_tags<'de>(
    r: &mut Reader<'de>,
    field: impl FnMut(&mut Reader<'de>, u32, usize) -> bool,
) -> bool {
    if !r.flexible() {
        return true;
    }
    if let Some((0, rest)) = r.rest.split_first() {
        r.rest = rest;
        return true;
    }
    each_tag(r, field)
}

fn each_tag<'de>(
    r: &mut Reader<'de>,
    mut field: impl FnMut(&mut Reader<'de>, u32, usize) -> bool,
) -> bool {
    let count = match r.unsigned_varint() {
        Ok(count) => count,
        Err(error) => return r.failure.keep(error),
    };
    let mut previous = None;
    for _ in 0..count {
        let (tag, size) = match tag_and_size(r, previous) {
            Ok(next) => next,
            Err(error) => return r.failure.keep(error),
        };
        previous = Some(tag);
        if !field(r, tag, size) {
            return false;
        }
    }
    true
}

/// The tag and the size of the next tagged field, which must come after `previous`.
fn tag_and_size(r: &mut Reader<'_>, previous: Option<u32>) -> Result<(u32, usize), Error> {
    let tag = r.unsigned_varint()?;
    match previous {
        Some(previous) if tag <= previous => Err(r.error(ErrorKind::TagOrder { tag, previous })),
        _ => Ok((tag, r.unsigned_varint()? as usize)),
    }
}

/// Reads the `size` bytes of a tagged field with `read`.
///
/// The error is that of `read`, [`ErrorKind::Incomplete`], or [`ErrorKind::TagSize`] if `read`
/// leaves bytes unread. It names the field.
pub fn read_tag<'de>(
    r: &mut Reader<'de>,
    tag: u32,
    size: usize,
    name: &'static str,
    read: impl FnOnce(&mut Reader<'de>) -> bool,
) -> bool {
    let result = match r.take(size) {
        Ok(field) => {
            let rest = mem::replace(&mut r.rest, field);
            let ok = read(r);
            let result = r.failure.finish(ok, "");
            let result = result.and_then(|()| end_of_tag(r, tag));
            r.rest = rest;
            result
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => true,
        Err(error) => r.failure.keep(error.in_field(name)),
    }
}

fn end_of_tag(r: &Reader<'_>, tag: u32) -> Result<(), Error> {
    match r.rest.len() {
        0 => Ok(()),
        unread => Err(r.error(ErrorKind::TagSize { tag, unread })),
    }
}

/// Skips the tagged fields of a struct that neither has nor keeps any.
pub fn skip_tags(r: &mut Reader<'_>) -> bool {
    read_tags(r, |r, _, size| skip_tag(r, size))
}

/// Skips the `size` bytes of a tagged field.
pub fn skip_tag(r: &mut Reader<'_>, size: usize) -> bool {
    let result = r.take(size).map(drop);
    r.failure.check(result)
}

/// Reads the tagged fields of a struct that has none of its own and keeps unknown ones.
#[inline]
pub fn read_unknown_tags(r: &mut Reader<'_>, tags: &mut UnknownTags) -> bool {
    if !r.flexible() {
        return true;
    }
    if let Some((0, rest)) = r.rest.split_first() {
        r.rest = rest;
        return true;
    }
    each_unknown_tag(r, tags)
}

#[cold]
#[inline(never)]
fn each_unknown_tag(r: &mut Reader<'_>, tags: &mut UnknownTags) -> bool {
    each_tag(r, |r, tag, size| read_unknown_tag(r, tag, size, tags))
}

/// Keeps a tagged field that the struct does not know.
#[cold]
#[inline(never)]
pub fn read_unknown_tag(r: &mut Reader<'_>, tag: u32, size: usize, tags: &mut UnknownTags) -> bool {
    let result = r.take(size).map(|value| tags.push(tag, value));
    r.failure.check(result)
}

/// Refuses a known tag in a version that lacks it.
#[cold]
#[inline(never)]
pub fn refuse_tag(r: &mut Reader<'_>, tag: u32, name: &'static str) -> bool {
    let error = r.error(ErrorKind::TagNotInVersion { tag });
    r.failure.keep(error.in_field(name))
}
