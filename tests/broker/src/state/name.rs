//! `check_topic_name`, `java_hash`: names of topics, and how Kafka hashes names.

/// The maximum length of a topic's name, in characters.
const MAX_NAME: usize = 249;

/// Refuses a name that no topic may have, with Kafka's message.
pub(crate) fn check_topic_name(name: &str) -> Result<(), String> {
    let invalid = |why: String| Err(format!("Topic name is invalid: {why}"));
    if name.is_empty() {
        return invalid("the empty string is not allowed".to_owned());
    }
    if name == "." || name == ".." {
        return invalid(format!("'{name}' is not allowed"));
    }
    if name.len() > MAX_NAME {
        return invalid(format!(
            "the length of '{name}' is longer than the max allowed length {MAX_NAME}"
        ));
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !name.chars().all(legal) {
        return invalid(format!(
            "'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
        ));
    }
    Ok(())
}

/// Java's `String.hashCode`, with which Kafka chooses a coordinator.
pub(crate) fn java_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0i32, |hash, unit| {
        hash.wrapping_mul(31).wrapping_add(i32::from(unit))
    })
}
