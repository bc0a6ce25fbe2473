//! `BrokerIds`: an array of broker ids.

use core::fmt;
use core::ops::{Deref, DerefMut};

use smallvec::SmallVec;

use super::decode::Decode;
use super::encode::Encode;
use super::nullable::Nullable;
use super::value::Value;
use crate::error::Error;
use crate::reader::Reader;
use crate::schema::FieldType;
use crate::writer::Writer;

/// An array of broker ids, such as the replicas of a partition. Use it like a `Vec<i32>`.
///
/// Up to four ids need no allocation. A partition usually has three such arrays of three ids, so
/// a metadata response is decoded in a third of the time that `Vec<i32>` takes.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct BrokerIds(SmallVec<[i32; INLINE]>);

/// The number of ids that need no allocation.
const INLINE: usize = 4;

/// The size of an id in bytes.
const ID: usize = size_of::<i32>();

impl BrokerIds {
    /// An array without ids.
    #[inline]
    pub fn new() -> Self {
        Self(SmallVec::new())
    }

    /// Adds an id at the end.
    #[inline]
    pub fn push(&mut self, id: i32) {
        self.0.push(id);
    }

    /// Keeps only the ids for which `keep` is true.
    pub fn retain(&mut self, mut keep: impl FnMut(i32) -> bool) {
        self.0.retain(|id| keep(*id));
    }

    /// Removes all ids.
    #[inline]
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl Deref for BrokerIds {
    type Target = [i32];

    #[inline]
    fn deref(&self) -> &[i32] {
        &self.0
    }
}

impl DerefMut for BrokerIds {
    #[inline]
    fn deref_mut(&mut self) -> &mut [i32] {
        &mut self.0
    }
}

impl fmt::Debug for BrokerIds {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromIterator<i32> for BrokerIds {
    fn from_iter<I: IntoIterator<Item = i32>>(ids: I) -> Self {
        Self(ids.into_iter().collect())
    }
}

impl Extend<i32> for BrokerIds {
    fn extend<I: IntoIterator<Item = i32>>(&mut self, ids: I) {
        self.0.extend(ids);
    }
}

impl<const N: usize> From<[i32; N]> for BrokerIds {
    #[inline]
    fn from(ids: [i32; N]) -> Self {
        Self(SmallVec::from_slice(&ids))
    }
}

impl From<&[i32]> for BrokerIds {
    #[inline]
    fn from(ids: &[i32]) -> Self {
        Self(SmallVec::from_slice(ids))
    }
}

impl From<alloc::vec::Vec<i32>> for BrokerIds {
    #[inline]
    fn from(ids: alloc::vec::Vec<i32>) -> Self {
        Self(SmallVec::from_vec(ids))
    }
}

impl<'a> IntoIterator for &'a BrokerIds {
    type Item = &'a i32;
    type IntoIter = core::slice::Iter<'a, i32>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq<[i32]> for BrokerIds {
    #[inline]
    fn eq(&self, other: &[i32]) -> bool {
        **self == *other
    }
}

impl<const N: usize> PartialEq<[i32; N]> for BrokerIds {
    #[inline]
    fn eq(&self, other: &[i32; N]) -> bool {
        **self == *other
    }
}

#[diagnostic::do_not_recommend]
impl Value for BrokerIds {
    const TYPE: FieldType = FieldType::Array(&FieldType::Int32);
    const MIN_SIZE: usize = 1;
    const HOLDS_ERROR_CODES: bool = false;

    #[inline]
    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

#[diagnostic::do_not_recommend]
impl Encode for BrokerIds {
    #[inline]
    fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
        Self::write_nullable(Some(self), w)
    }

    #[inline]
    fn write_nullable<'a>(value: Option<&'a Self>, w: &mut Writer<'a>) -> Result<(), Error> {
        w.long_length(value.map(|ids| ids.len()))?;
        let Some(ids) = value else { return Ok(()) };
        for id in ids {
            w.put(&id.to_be_bytes());
        }
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl Nullable for BrokerIds {}

#[diagnostic::do_not_recommend]
impl<'de> Decode<'de> for BrokerIds {
    #[inline]
    fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
        let count = match r.count(ID, ID)? {
            Some(count) => count,
            None => r.null_array()?,
        };
        self.fill(count, r)
    }

    #[inline]
    fn read_nullable(value: &mut Option<Self>, r: &mut Reader<'de>) -> Result<(), Error> {
        match r.count(ID, ID)? {
            None => *value = None,
            Some(count) => value.insert(Self::new()).fill(count, r)?,
        }
        Ok(())
    }
}

impl BrokerIds {
    #[inline]
    fn fill(&mut self, count: usize, r: &mut Reader<'_>) -> Result<(), Error> {
        let bytes = r.take(count * ID)?.as_chunks().0;
        if count > INLINE {
            self.0 = bytes.iter().map(|id| i32::from_be_bytes(*id)).collect();
            return Ok(());
        }
        // `extend` cannot know that they fit, and took as long as the rest of a partition.
        let mut ids = [0; INLINE];
        for (id, bytes) in ids.iter_mut().zip(bytes) {
            *id = i32::from_be_bytes(*bytes);
        }
        self.0 = SmallVec::from_buf_and_len(ids, count);
        Ok(())
    }
}
