//! `fill_unknown_tags`: the unknown tags of a generated struct.

use crate::generate::{Generate, Source};
use crate::wire::UnknownTags;

/// Generates tags that are not among the `known` ones; usually none.
pub fn fill_unknown_tags(source: &mut Source<'_>, tags: &mut UnknownTags, known: &[u32]) {
    if !source.flexible() || source.byte() < 232 {
        return;
    }
    for _ in 0..source.count() {
        // Kafka reads tags as signed numbers, and the highest one as the end of them.
        let tag = u32::generate(source) % i32::MAX as u32;
        let value = <&[u8]>::generate(source);
        if !known.contains(&tag) {
            tags.insert(tag, value);
        }
    }
}
