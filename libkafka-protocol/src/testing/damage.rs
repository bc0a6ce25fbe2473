//! `Damage`: changes to the bytes of a message.

use alloc::vec::Vec;

use proptest::arbitrary::any;
use proptest::prop_oneof;
use proptest::sample::{Index, select};
use proptest::strategy::{Just, Strategy};

/// A change to the bytes of a message.
#[derive(Debug, Clone)]
pub(super) struct Damage {
    at: Index,
    kind: DamageKind,
}

#[derive(Debug, Clone)]
enum DamageKind {
    Set(u8),
    Insert(u8),
    Remove,
    Truncate,
}

pub(super) fn damage() -> impl Strategy<Value = Damage> {
    let kind = prop_oneof![
        8 => byte().prop_map(DamageKind::Set),
        2 => byte().prop_map(DamageKind::Insert),
        2 => Just(DamageKind::Remove),
        1 => Just(DamageKind::Truncate),
    ];
    (any::<Index>(), kind).prop_map(|(at, kind)| Damage { at, kind })
}

/// A byte, often one with a meaning in a length.
pub(super) fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        0..4_u8,
        select(&[0x7f, 0x80, 0x81, 0xfe, 0xff][..]),
        any::<u8>(),
    ]
}

impl Damage {
    pub(super) fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let at = self.at.index(bytes.len());
        match self.kind {
            DamageKind::Set(byte) => bytes[at] = byte,
            DamageKind::Insert(byte) => bytes.insert(at, byte),
            DamageKind::Remove => drop(bytes.remove(at)),
            DamageKind::Truncate => bytes.truncate(at),
        }
    }
}
