//! `ObjectWriter` and `ObjectReader`: structs in JSON, as an object with the fields of the version.
//!
//! The schema says which fields a version has and where it allows null, so derived code only names
//! the fields, one by one and in the order of the schema.

use alloc::borrow::ToOwned;
use alloc::string::String;

use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::json::{FromJson, ToJson, unexpected};
use crate::message::WireStruct;
use crate::schema::FieldSchema;
use crate::wire::Nullable;

/// Builds the JSON object of a struct.
pub struct ObjectWriter {
    fields: Fields,
    object: Map<String, Value>,
}

impl ObjectWriter {
    /// Starts with the first field of `T`.
    pub fn new<T: WireStruct>(version: i16) -> Self {
        Self {
            fields: Fields::of::<T>(version),
            object: Map::new(),
        }
    }

    /// Adds the next field. `is_default` only matters if a version may lack the field or omit it.
    ///
    /// # Errors
    /// [`ErrorKind::NotInVersion`], or the error of writing the value.
    pub fn put<T: ToJson>(&mut self, value: &T, is_default: bool) -> Result<(), Error> {
        match self.fields.next() {
            field if self.shows(field, is_default)? => self.write(field, value),
            _ => Ok(()),
        }
    }

    /// Adds the next field, which may be null only in the versions that its schema names.
    ///
    /// # Errors
    /// The errors of [`put`](Self::put), and [`ErrorKind::UnexpectedNull`].
    pub fn put_nullable<T: ToJson + Nullable>(
        &mut self,
        value: &Option<T>,
        is_default: bool,
    ) -> Result<(), Error> {
        match self.fields.next() {
            field if self.shows(field, is_default)? => {
                if value.is_none() {
                    self.fields.check_null(field)?;
                }
                self.write(field, value)
            }
            _ => Ok(()),
        }
    }

    /// The object.
    pub fn finish(self) -> Value {
        Value::Object(self.object)
    }

    /// Returns whether the object has the field.
    fn shows(&self, field: &FieldSchema, is_default: bool) -> Result<bool, Error> {
        if self.fields.have(field) {
            return Ok(!(is_default && field.tag.is_some()));
        }
        if is_default || field.ignorable {
            return Ok(false);
        }
        Err(error(ErrorKind::NotInVersion, field))
    }

    fn write<T: ToJson>(&mut self, field: &FieldSchema, value: &T) -> Result<(), Error> {
        match value.write_json(self.fields.version) {
            Ok(json) => {
                self.object.insert(field.name.to_owned(), json);
                Ok(())
            }
            Err(error) => Err(error.in_field(field.name)),
        }
    }
}

/// Reads the JSON object of a struct.
pub struct ObjectReader<'v> {
    fields: Fields,
    object: &'v Map<String, Value>,
}

impl<'v> ObjectReader<'v> {
    /// Starts with the first field of `T`.
    ///
    /// # Errors
    /// If `json` is not an object.
    pub fn new<T: WireStruct>(version: i16, json: &'v Value) -> Result<Self, Error> {
        match json {
            Value::Object(object) => Ok(Self {
                fields: Fields::of::<T>(version),
                object,
            }),
            _ => Err(unexpected("an object", json)),
        }
    }

    /// Reads the next field into `value`, which has its default.
    ///
    /// # Errors
    /// [`ErrorKind::MissingField`], or the error of reading the value.
    pub fn get<T: FromJson>(&mut self, value: &mut T) -> Result<(), Error> {
        let field = self.fields.next();
        match self.find(field)? {
            Some(json) => self.read(field, json, value),
            None => Ok(()),
        }
    }

    /// Reads the next field, which may be null only in the versions that its schema names.
    ///
    /// # Errors
    /// The errors of [`get`](Self::get), and [`ErrorKind::UnexpectedNull`].
    pub fn get_nullable<T: FromJson + Nullable>(
        &mut self,
        value: &mut Option<T>,
    ) -> Result<(), Error> {
        let field = self.fields.next();
        match self.find(field)? {
            Some(json) => {
                if json.is_null() {
                    self.fields.check_null(field)?;
                }
                self.read(field, json, value)
            }
            None => Ok(()),
        }
    }

    fn find(&self, field: &FieldSchema) -> Result<Option<&'v Value>, Error> {
        match (self.object.get(field.name), self.fields.have(field)) {
            (None, true) if field.tag.is_none() => Err(error(ErrorKind::MissingField, field)),
            // A version without the field has no structs of its type to read either.
            (Some(json), false) if holds_struct(field, json) => {
                Err(error(ErrorKind::NotInVersion, field))
            }
            (json, _) => Ok(json),
        }
    }

    fn read<T: FromJson>(
        &self,
        field: &FieldSchema,
        json: &Value,
        value: &mut T,
    ) -> Result<(), Error> {
        match T::read_json(self.fields.version, json) {
            Ok(read) => {
                *value = read;
                Ok(())
            }
            Err(error) => Err(error.in_field(field.name)),
        }
    }
}

/// The fields of a schema; derived code makes one call for each.
struct Fields {
    all: &'static [FieldSchema],
    next: usize,
    version: i16,
}

impl Fields {
    fn of<T: WireStruct>(version: i16) -> Self {
        Self {
            all: T::SCHEMA.fields,
            next: 0,
            version,
        }
    }

    /// The next field. There always is one, because the derive makes one call for each.
    fn next(&mut self) -> &'static FieldSchema {
        self.next += 1;
        &self.all[self.next - 1]
    }

    /// Returns whether the version has the field.
    fn have(&self, field: &FieldSchema) -> bool {
        field.versions.contains(self.version)
    }

    /// Refuses null if the version has the field and does not allow null.
    fn check_null(&self, field: &FieldSchema) -> Result<(), Error> {
        if self.have(field) && !field.nullable.contains(self.version) {
            return Err(error(ErrorKind::UnexpectedNull, field));
        }
        Ok(())
    }
}

fn holds_struct(field: &FieldSchema, json: &Value) -> bool {
    let holds_any = match json {
        Value::Object(_) => true,
        Value::Array(elements) => !elements.is_empty(),
        _ => false,
    };
    holds_any && field.ty.inner().is_some()
}

#[cold]
fn error(kind: ErrorKind, field: &FieldSchema) -> Error {
    Error::new(kind, None).in_field(field.name)
}
