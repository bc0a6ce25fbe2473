//! Arrays: a count and that many elements.

use alloc::vec::Vec;

use super::{Decode, Encode, Nullable};
use crate::schema::FieldType;
use crate::{Error, ErrorCode, Reader, Writer};

impl<T: Encode> Encode for Vec<T> {
    const TYPE: FieldType = FieldType::Array(&T::TYPE);
    const MIN_SIZE: usize = 1;

    #[inline]
    fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
        Self::write_nullable(Some(self), w)
    }

    #[inline]
    fn write_nullable<'a>(value: Option<&'a Self>, w: &mut Writer<'a>) -> Result<(), Error> {
        w.count(value.map(Vec::len))?;
        for (i, element) in value.into_iter().flatten().enumerate() {
            if let Err(error) = element.write(w) {
                return Err(error.at_index(i));
            }
        }
        Ok(())
    }

    #[inline]
    fn is_default(&self) -> bool {
        self.is_empty()
    }

    #[inline]
    fn error_codes(&self, visit: &mut dyn FnMut(ErrorCode)) {
        for element in self {
            element.error_codes(visit);
        }
    }
}

impl<T: Encode> Nullable for Vec<T> {}

impl<'de, T: Decode<'de>> Decode<'de> for Vec<T> {
    #[inline]
    fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
        let count = r.required_count(T::MIN_SIZE, size_of::<T>())?;
        T::read_elements(self, count, r)
    }

    #[inline]
    fn read_nullable(value: &mut Option<Self>, r: &mut Reader<'de>) -> Result<(), Error> {
        match r.count(T::MIN_SIZE, size_of::<T>())? {
            None => *value = None,
            Some(count) => T::read_elements(value.insert(Self::new()), count, r)?,
        }
        Ok(())
    }
}

/// Makes room for all elements and reads each in its place: what is built
/// elsewhere and moved costs more than the reading.
#[inline]
pub(super) fn read_each<'de, T: Decode<'de>>(
    elements: &mut Vec<T>,
    count: usize,
    r: &mut Reader<'de>,
) -> Result<(), Error> {
    r.enter()?;
    elements.reserve_exact(count);
    elements.resize_with(count, T::default);
    for (i, element) in elements.iter_mut().enumerate() {
        if let Err(error) = element.read(r) {
            return Err(error.at_index(i));
        }
    }
    r.leave();
    Ok(())
}
