//! [`ConfigKind`]: which values a configuration accepts.

/// Which values a configuration accepts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ConfigKind {
    Boolean,
    /// With the smallest and the largest accepted value.
    Short(i64, i64),
    /// With the smallest and the largest accepted value.
    Int(i64, i64),
    /// An int too: 1 to 9, or -1 for the default.
    GzipLevel,
    /// With the smallest and the largest accepted value.
    Long(i64, i64),
    /// With the smallest and the largest accepted value.
    Double(f64, f64),
    /// With the accepted items; empty: any.
    List(&'static [&'static str]),
    /// With the accepted words; empty: any.
    Text(&'static [&'static str]),
    /// With the accepted words, in upper or lower case.
    AnyCase(&'static [&'static str]),
    Class,
    /// Never shown.
    Password,
}

use ConfigKind::{
    AnyCase, Boolean, Class, Double, GzipLevel, Int, List, Long, Password, Short, Text,
};

impl ConfigKind {
    /// The kind for Kafka's name of a type, and a rule from the table of configurations.
    pub(crate) fn new(kind: &str, rule: &'static str) -> Self {
        let words = |prefix: &str| -> &'static [&'static str] {
            match rule.strip_prefix(prefix) {
                Some(words) => words.split(',').collect::<Vec<_>>().leak(),
                None => &[],
            }
        };
        let bounds = rule.split_once("..").unwrap_or_default();
        let least = bounds.0.parse().unwrap_or(i64::MIN);
        let most = bounds.1.parse().unwrap_or(i64::MAX);
        match kind {
            "BOOLEAN" => Boolean,
            "SHORT" => Short(least, most),
            "INT" if rule.ends_with(" or -1") => GzipLevel,
            "INT" => Int(least, most),
            "LONG" => Long(least, most),
            "DOUBLE" => Double(
                bounds.0.parse().unwrap_or(f64::MIN),
                bounds.1.parse().unwrap_or(f64::MAX),
            ),
            "LIST" => List(words("items of ")),
            "CLASS" => Class,
            "PASSWORD" => Password,
            _ if rule.starts_with("one of any case ") => AnyCase(words("one of any case ")),
            _ => Text(words("one of ")),
        }
    }

    /// The number on the wire (KIP-569).
    pub(crate) fn number(self) -> i8 {
        match self {
            Boolean => 1,
            Text(_) | AnyCase(_) => 2,
            Int(..) | GzipLevel => 3,
            Short(..) => 4,
            Long(..) => 5,
            Double(..) => 6,
            List(_) => 7,
            Class => 8,
            Password => 9,
        }
    }

    pub(crate) fn is_list(self) -> bool {
        matches!(self, List(_))
    }

    /// Refuses a value that the configuration does not accept, with Kafka's message.
    pub(crate) fn check(self, name: &str, value: &str) -> Result<(), String> {
        let not = |value: &str, what: &str| {
            Err(format!(
                "Invalid value {value} for configuration {name}: {what}"
            ))
        };
        let trimmed = value.trim();
        let (number, least, most) = match self {
            Boolean if !["true", "false"].contains(&&*trimmed.to_ascii_lowercase()) => {
                return not(value, "Expected value to be either true or false");
            }
            Double(least, most) => {
                return match trimmed.parse::<f64>() {
                    Err(_) => not(value, "Not a number of type DOUBLE"),
                    Ok(number) if number < least => {
                        not(&double(number), &format!("Value must be at least {least}"))
                    }
                    Ok(number) if number > most => not(
                        &double(number),
                        &format!("Value must be no more than {most}"),
                    ),
                    Ok(_) => Ok(()),
                };
            }
            Text(options) if !options.is_empty() && !options.contains(&trimmed) => {
                let what = format!("String must be one of: {}", options.join(", "));
                return not(trimmed, &what);
            }
            AnyCase(options) if !options.iter().any(|o| o.eq_ignore_ascii_case(trimmed)) => {
                let what = format!(
                    "String must be one of (case insensitive): {}",
                    options.join(", ")
                );
                return not(trimmed, &what);
            }
            List(options) if !options.is_empty() && !trimmed.is_empty() => {
                let mut items = trimmed.split(',').map(str::trim);
                let Some(item) = items.find(|item| !options.contains(item)) else {
                    return Ok(());
                };
                if item.is_empty() {
                    return Err(format!("Configuration '{name}' values must not be empty."));
                }
                let what = format!("String must be one of: {}", options.join(", "));
                return not(item, &what);
            }
            Short(least, most) => match trimmed.parse::<i16>() {
                Ok(number) => (i64::from(number), least, most),
                Err(_) => return not(value, "Not a number of type SHORT"),
            },
            Int(least, most) => match trimmed.parse::<i32>() {
                Ok(number) => (i64::from(number), least, most),
                Err(_) => return not(value, "Not a number of type INT"),
            },
            GzipLevel => match trimmed.parse::<i32>() {
                Ok(-1 | 1..=9) => return Ok(()),
                Ok(_) => return not(trimmed, "Value must be between 1 and 9 or equal to -1"),
                Err(_) => return not(value, "Not a number of type INT"),
            },
            Long(least, most) => match trimmed.parse::<i64>() {
                Ok(number) => (number, least, most),
                Err(_) => return not(value, "Not a number of type LONG"),
            },
            _ => return Ok(()),
        };
        if number < least {
            return not(trimmed, &format!("Value must be at least {least}"));
        }
        if number > most {
            return not(trimmed, &format!("Value must be no more than {most}"));
        }
        Ok(())
    }
}

/// A double in Java's form.
fn double(number: f64) -> String {
    if number == 0.0 || (1e-3..1e7).contains(&number.abs()) {
        return format!("{number:?}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, power)) if digits.contains('.') => format!("{digits}E{power}"),
        Some((digits, power)) => format!("{digits}.0E{power}"),
        None => text,
    }
}
