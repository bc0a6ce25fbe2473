//! Structs as a user may write them: borrowed, generic, nested, recursive.

use libkafka_alone::Greeting;
use libkafka_protocol::wire::{Decode, Encode, Nullable};
use libkafka_protocol::{Bytes, ErrorKind, KafkaWire, Limits, UnknownTags, Uuid};

use crate::{assert_error, both_ways, encode};

#[test]
fn borrowed_fields_are_slices_of_the_input() {
    let bytes = [3, b'h', b'i', 3, 8, 9, 0];
    let (name, gift) = ("hi", Some(&[8, 9][..]));
    both_ways(1, &bytes, Greeting { name, gift });
    let greeting = Greeting::decode_exact(1, &bytes).unwrap();
    assert!(bytes.as_ptr_range().contains(&greeting.name.as_ptr()));
    assert_eq!(greeting.gift.unwrap().as_ptr(), &raw const bytes[4]);
    both_ways(0, &[0, 2, b'h', b'i'], Greeting { name, gift: None });
}

/// Lifetimes by the names that the derive itself might have thought of.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0")]
struct Lifetimes<'de, 'w, 'a: 'w> {
    first: &'de str,
    second: Vec<&'w str>,
    third: Option<&'a [u8]>,
    inner: Vec<Part<'a>>,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct Part<'a> {
    text: &'a str,
}

#[test]
fn a_struct_may_have_several_lifetimes_and_borrow_in_arrays() {
    let bytes = [
        0, 1, b'a', // first
        0, 0, 0, 2, 0, 0, 0, 1, b'b', // second: "", "b"
        0, 0, 0, 1, 7, // third
        0, 0, 0, 1, 0, 1, b'c', // inner
    ];
    let message = Lifetimes {
        first: "a",
        second: vec!["", "b"],
        third: Some(&[7]),
        inner: vec![Part { text: "c" }],
    };
    both_ways(0, &bytes, message);
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1", flexible = "1+")]
struct Generic<'a, K, V = String>
where
    V: Nullable,
{
    key: K,
    values: Vec<V>,
    last: Option<V>,
    note: &'a str,
}

#[test]
fn a_struct_may_have_type_parameters() {
    let message = Generic {
        key: 7i16,
        values: vec!["a".to_owned()],
        last: None,
        note: "n",
    };
    both_ways(1, &[0, 7, 2, 2, b'a', 0, 2, b'n', 0], message);
    let bytes = [2, 1, 2, 1, 2, 9, 1, 0];
    let message = Generic {
        key: vec![258i16],
        values: vec![],
        last: Some(Bytes::from_static(&[9])),
        note: "",
    };
    assert_eq!(encode(&message, 1), [2, 1, 2, 1, 2, 9, 1, 0]);
    assert_eq!(
        Generic::<Vec<i16>, Bytes>::decode_exact(1, &bytes).unwrap(),
        message
    );
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, KafkaWire)]
struct TopicName(String);

#[derive(Debug, Clone, Copy, PartialEq, KafkaWire)]
struct NodeId(i32);

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct Wrapped<T>(T);

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct Text<'a>(&'a str);

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1", flexible = "1+")]
struct Newtypes<'a> {
    name: TopicName,
    names: Vec<TopicName>,
    no_name: Option<TopicName>,
    nodes: Vec<NodeId>,
    #[kafka(versions = "1+", tag = 0, default = NodeId(-1))]
    leader: NodeId,
    wrapped: Wrapped<Option<Vec<NodeId>>>,
    text: Option<Text<'a>>,
    part: Option<Wrapped<Part<'a>>>,
}

#[test]
fn a_newtype_stands_on_the_wire_as_its_field() {
    let message = Newtypes {
        name: TopicName("a".into()),
        names: vec![TopicName("b".into()), TopicName(String::new())],
        no_name: None,
        nodes: vec![NodeId(1)],
        leader: NodeId(2),
        wrapped: Wrapped(None),
        text: Some(Text("t")),
        part: Some(Wrapped(Part { text: "p" })),
    };
    let bytes = [
        2, b'a', // name
        3, 2, b'b', 1, // names
        0, // no_name: null as a string's null is
        2, 0, 0, 0, 1, // nodes
        0, // wrapped: null as an array's null is
        2, b't', // text
        1, 2, b'p', 0, // part: present, its text, no tags
        1, 0, 4, 0, 0, 0, 2, // leader
    ];
    both_ways(1, &bytes, message.clone());
    let without = Newtypes {
        leader: NodeId(-1),
        part: None,
        ..message
    };
    let bytes = [
        0, 1, b'a', 0, 0, 0, 2, 0, 1, b'b', 0, 0, 0xff, 0xff, 0, 0, 0, 1, 0, 0, 0, 1, 0xff, 0xff,
        0xff, 0xff, 0, 1, b't', 0xff,
    ];
    both_ways(0, &bytes, without);
}

#[test]
fn a_newtype_may_be_null_only_if_what_is_in_it_may() {
    trait Other {
        const NULLABLE: bool = false;
    }
    impl<T> Other for T {}
    struct Is<T>(core::marker::PhantomData<T>);
    impl<T: Nullable> Is<T> {
        const NULLABLE: bool = true;
    }
    const { assert!(Is::<TopicName>::NULLABLE) };
    const { assert!(Is::<Wrapped<String>>::NULLABLE) };
    // The trait's constant steps in where there is none of the type itself.
    const { assert!(!Is::<NodeId>::NULLABLE) };
    const { assert!(!Is::<Wrapped<i32>>::NULLABLE) };
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1", flexible = "1+")]
struct Tree {
    value: i8,
    next: Option<Box<Tree>>,
    children: Vec<Tree>,
}

#[test]
fn a_struct_may_contain_itself() {
    let leaf = |value| Tree {
        value,
        next: None,
        children: vec![],
    };
    let message = Tree {
        next: Some(Box::new(leaf(2))),
        children: vec![leaf(3), leaf(4)],
        ..leaf(1)
    };
    let bytes = [
        1, 1, // value; next is there:
        2, 0xff, 1, 0, // value, no next, no children, no tags
        3, 3, 0xff, 1, 0, 4, 0xff, 1, 0, // two children
        0,
    ];
    both_ways(1, &bytes, message);
}

#[test]
fn a_struct_that_contains_itself_too_deep_is_an_error() {
    let mut chain = Tree::default();
    for _ in 0..31 {
        chain = Tree {
            next: Some(Box::new(chain)),
            ..Default::default()
        };
    }
    let bytes = encode(&chain, 1);
    assert_eq!(Tree::decode_exact(1, &bytes).unwrap(), chain);
    let deeper = Tree {
        next: Some(Box::new(chain)),
        ..Default::default()
    };
    let error = Tree::decode_exact(1, &encode(&deeper, 1)).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::TooDeep { limit: 32 });
    // Two bytes a level, and the innermost struct's own byte and marker.
    assert_eq!(error.offset(), Some(2 * 32 + 3));
    // A million levels: the stack does not grow with them.
    let error = Tree::decode(1, &[1; 1_000_000]).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::TooDeep { limit: 32 });
}

/// Nothing on the wire of version 0, and 88 bytes of memory all the same.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct Wide {
    #[kafka(versions = "1+")]
    first: Vec<Uuids>,
    #[kafka(versions = "1+", ignorable)]
    second: Uuids,
}

#[derive(Debug, Clone, Copy, PartialEq, KafkaWire)]
struct Uuids {
    a: Uuid,
    b: Uuid,
    c: Uuid,
    d: Uuid,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1")]
struct Boxes {
    boxes: Vec<Option<Box<Wide>>>,
}

#[test]
fn what_is_in_boxes_counts_against_the_memory_limit() {
    // A byte each says that there is a box, with nothing in it in version 0.
    let mut bytes = 1000u32.to_be_bytes().to_vec();
    bytes.resize(1004, 1);
    let error = Boxes::decode(0, &bytes).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::MemoryLimit { count: 1, .. }),
        "{error}"
    );
    let mut limits = Limits::default();
    limits.memory_factor = size_of::<Wide>() + size_of::<Option<Box<Wide>>>();
    let (boxes, _) = Boxes::decode_with(0, &bytes, limits).unwrap();
    assert_eq!(boxes.boxes.len(), 1000);
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0", flexible = "0+")]
struct RawNames {
    r#type: i8,
    r#match: Vec<RawPart>,
    #[kafka(tag = 0)]
    r#in: i8,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct RawPart {
    r#fn: i8,
}

#[test]
fn raw_identifiers_keep_their_plain_names() {
    use libkafka_protocol::WireStruct;
    let message = RawNames {
        r#type: 1,
        r#match: vec![RawPart { r#fn: 2 }],
        r#in: 3,
    };
    both_ways(0, &[1, 2, 2, 0, 1, 0, 1, 3], message);
    let names: Vec<_> = RawNames::SCHEMA.fields.iter().map(|f| f.name).collect();
    assert_eq!(names, ["type", "match", "in"]);
    let error = RawNames::decode(0, &[1, 2, 2]).unwrap_err();
    let kind = ErrorKind::Incomplete {
        needed: 1,
        remaining: 0,
    };
    assert_error(&error, "match[0]", Some(3), kind.clone());
    let error = RawNames::decode(0, &[1, 2]).unwrap_err();
    let kind = ErrorKind::CountTooLarge {
        count: 1,
        remaining: 0,
    };
    assert_error(&error, "match", Some(2), kind);
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1", flexible = "1+")]
struct Nested {
    here: Middle,
    maybe: Option<Middle>,
    pub(crate) unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct Middle {
    ids: Vec<Vec<i8>>,
    unknown_tags: UnknownTags,
}

#[test]
fn a_null_struct_is_a_byte_below_zero_and_any_other_byte_is_present() {
    let middle = |ids| Middle {
        ids,
        ..Default::default()
    };
    let message = Nested {
        here: middle(vec![vec![1, 2], vec![]]),
        maybe: Some(middle(vec![])),
        ..Default::default()
    };
    both_ways(1, &[3, 3, 1, 2, 1, 0, 1, 1, 0, 0], message.clone());
    for present in [0, 2, 0x7f] {
        let bytes = [3, 3, 1, 2, 1, 0, present, 1, 0, 0];
        assert_eq!(Nested::decode_exact(1, &bytes).unwrap(), message);
    }
    let null = Nested {
        maybe: None,
        ..message
    };
    both_ways(1, &[3, 3, 1, 2, 1, 0, 0xff, 0], null.clone());
    for absent in [0x80, 0xfe] {
        let bytes = [3, 3, 1, 2, 1, 0, absent, 0];
        assert_eq!(Nested::decode_exact(1, &bytes).unwrap(), null);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, KafkaWire)]
#[kafka(versions = "0", flexible = "0+")]
struct Unit;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0")]
struct Empty {}

#[test]
fn a_struct_without_fields_is_its_tags_or_nothing() {
    both_ways(0, &[0], Unit);
    both_ways(0, &[], Empty {});
}

fn is_decoded_from_any_input<T: for<'de> Decode<'de> + Encode>() {}

#[test]
fn an_owned_message_is_decoded_from_input_of_any_lifetime() {
    is_decoded_from_any_input::<Tree>();
}
