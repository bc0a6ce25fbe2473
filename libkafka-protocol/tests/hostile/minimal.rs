//! The smallest encoding of a message, and the most elements in the least bytes.

use libkafka_protocol::{FieldSchema, FieldType, StructSchema};

/// The way to an array: a field at a time, by its place in its struct.
pub(crate) type Path = Vec<usize>;

/// Writes the fewest bytes that a version allows: null or nothing in every
/// field but on the way to one array, which gets `count` elements.
pub(crate) struct Minimal<'p> {
    pub(crate) version: i16,
    pub(crate) flexible: bool,
    pub(crate) path: &'p [usize],
    pub(crate) count: u32,
    /// Whether each of the elements has an unknown tag too.
    pub(crate) tagged: bool,
}

impl Minimal<'_> {
    /// The bytes of a message.
    pub(crate) fn encode(&self, schema: &StructSchema) -> Vec<u8> {
        let mut out = Vec::new();
        self.write_struct(schema, Some(0), &mut out);
        out
    }

    /// `depth` is how far on the path the struct is; none if it is off it.
    fn write_struct(&self, schema: &StructSchema, depth: Option<usize>, out: &mut Vec<u8>) {
        let step = depth.and_then(|depth| self.path.get(depth).copied());
        let mut tagged = None;
        for (i, field) in schema.fields.iter().enumerate() {
            if !field.versions.contains(self.version) {
                continue;
            }
            let depth = depth.filter(|_| step == Some(i)).map(|depth| depth + 1);
            match field.tag {
                None => self.write_field(field, depth, out),
                Some(tag) if depth.is_some() => {
                    let mut value = Vec::new();
                    self.write_field(field, depth, &mut value);
                    tagged = Some((tag, value));
                }
                Some(_) => {}
            }
        }
        if self.flexible && self.tagged && depth == Some(self.path.len()) {
            out.extend([1, 99, 0]);
        } else if self.flexible {
            varint(u32::from(tagged.is_some()), out);
            if let Some((tag, value)) = tagged {
                varint(tag, out);
                varint(value.len() as u32, out);
                out.extend(value);
            }
        }
    }

    fn write_field(&self, field: &FieldSchema, depth: Option<usize>, out: &mut Vec<u8>) {
        let compact = self.flexible && !field.not_flexible;
        let null = field.nullable.contains(self.version) && depth.is_none();
        let length = |short: bool, length: Option<u32>, out: &mut Vec<u8>| match length {
            _ if compact => varint(length.map_or(0, |n| n + 1), out),
            None if short => out.extend([0xff; 2]),
            None => out.extend([0xff; 4]),
            Some(n) if short => out.extend((n as u16).to_be_bytes()),
            Some(n) => out.extend(n.to_be_bytes()),
        };
        let nothing = if null { None } else { Some(0) };
        match field.ty {
            FieldType::String => length(true, nothing, out),
            FieldType::Bytes => length(false, nothing, out),
            FieldType::Array(element) => match depth {
                None => length(false, nothing, out),
                Some(depth) => {
                    // The last array gets the elements, one on the way a single one.
                    let last = depth == self.path.len();
                    let count = if last { self.count } else { 1 };
                    length(false, Some(count), out);
                    let mut one = Vec::new();
                    self.write_element(element, Some(depth), &mut one);
                    for _ in 0..count {
                        out.extend_from_slice(&one);
                    }
                }
            },
            FieldType::Struct(_) if null => out.push(0xff),
            FieldType::Struct(schema) => {
                if field.nullable.contains(self.version) {
                    out.push(1);
                }
                self.write_struct(schema(), depth, out);
            }
            _ => self.write_element(&field.ty, depth, out),
        }
    }

    fn write_element(&self, ty: &FieldType, depth: Option<usize>, out: &mut Vec<u8>) {
        let size = match ty {
            FieldType::Bool | FieldType::Int8 => 1,
            FieldType::Int16 | FieldType::Uint16 => 2,
            FieldType::Int32 | FieldType::Uint32 => 4,
            FieldType::Int64 | FieldType::Float64 => 8,
            FieldType::Uuid => 16,
            FieldType::Struct(schema) => return self.write_struct(schema(), depth, out),
            FieldType::String if !self.flexible => 2,
            FieldType::Bytes | FieldType::Array(_) if !self.flexible => 4,
            // An empty one, compact.
            _ => return out.push(1),
        };
        out.resize(out.len() + size, 0);
    }
}

/// The ways to all arrays that a message has in a version.
pub(crate) fn arrays(schema: &StructSchema, version: i16) -> Vec<Path> {
    let mut paths = Vec::new();
    visit(schema, version, &mut Vec::new(), &mut paths);
    paths
}

fn visit(schema: &StructSchema, version: i16, path: &mut Path, paths: &mut Vec<Path>) {
    for (i, field) in schema.fields.iter().enumerate() {
        if !field.versions.contains(version) {
            continue;
        }
        path.push(i);
        if let FieldType::Array(_) = field.ty {
            paths.push(path.clone());
        }
        // A struct that contains itself has no arrays but those.
        if let Some(inner) = field.ty.inner()
            && !core::ptr::eq(inner, schema)
            && path.len() < 8
        {
            visit(inner, version, path, paths);
        }
        path.pop();
    }
}

/// The names on a way.
pub(crate) fn names(schema: &StructSchema, path: &[usize]) -> String {
    let Some((first, rest)) = path.split_first() else {
        return String::new();
    };
    let field = &schema.fields[*first];
    match field.ty.inner() {
        Some(inner) if !rest.is_empty() => format!("{}.{}", field.name, names(inner, rest)),
        _ => field.name.to_owned(),
    }
}

pub(crate) fn varint(mut value: u32, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
