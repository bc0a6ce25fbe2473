//! `random_uuid`: random ids, like those of Kafka.

use libkafka_protocol::Uuid;

/// A random id that Kafka could generate: it never begins with a dash.
pub(crate) fn random_uuid() -> Uuid {
    loop {
        let id = Uuid::from(fastrand::u128(2..));
        if !id.to_string().starts_with('-') {
            return id;
        }
    }
}

/// A random id in the form of Java's own UUIDs (RFC 9562, version 4).
pub(crate) fn random_java_uuid() -> String {
    let bits = fastrand::u128(..) & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}
