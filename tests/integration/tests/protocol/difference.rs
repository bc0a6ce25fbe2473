//! What is different between two shapes, a line for each place.

use std::fmt::Display;

use crate::shape::{Field, Shape};

/// Every difference between `ours` and `kafka`, which have the same name.
pub(crate) fn of_messages(ours: &Shape, kafka: &Shape) -> Vec<String> {
    let mut lines = Lines {
        at: ours.name.clone(),
        found: Vec::new(),
    };
    let key = |key: Option<i64>| key.map_or("none".to_owned(), |key| key.to_string());
    lines.compare("api key", key(ours.api_key), key(kafka.api_key));
    lines.compare("versions", ours.versions, kafka.versions);
    lines.compare("flexible versions", ours.flexible, kafka.flexible);
    lines.fields(&ours.fields, &kafka.fields);
    lines.found
}

/// What was found, and where the search is.
struct Lines {
    at: String,
    found: Vec<String>,
}

impl Lines {
    fn say(&mut self, what: impl Display) {
        self.found.push(format!("{}: {what}", self.at));
    }

    fn compare<T: PartialEq + Display>(&mut self, what: &str, ours: T, kafka: T) {
        if ours != kafka {
            self.say(format_args!("{what}: here {ours}, in Kafka {kafka}"));
        }
    }

    fn fields(&mut self, ours: &[Field], kafka: &[Field]) {
        let outer = self.at.clone();
        for field in kafka {
            self.at = format!("{outer}.{}", field.name);
            match ours.iter().find(|ours| ours.name == field.name) {
                Some(ours) => self.field(ours, field),
                None => self.say(format_args!("missing here; in Kafka {field}")),
            }
        }
        for field in ours {
            if !kafka.iter().any(|kafka| kafka.name == field.name) {
                self.at = format!("{outer}.{}", field.name);
                self.say(format_args!("not in Kafka; here {field}"));
            }
        }
        self.at = outer;
        // Tagged fields go by their tags.
        let order = |fields: &[Field], others: &[Field]| -> Vec<String> {
            let plain = fields.iter().filter(|field| field.tag.is_none());
            plain
                .filter(|field| others.iter().any(|other| other.name == field.name))
                .map(|field| field.name.clone())
                .collect()
        };
        let (ours, kafka) = (order(ours, kafka), order(kafka, ours));
        self.compare("order of fields", ours.join(", "), kafka.join(", "));
    }

    fn field(&mut self, ours: &Field, kafka: &Field) {
        self.compare("type", &ours.ty, &kafka.ty);
        self.compare("versions", ours.versions, kafka.versions);
        self.compare("nullable versions", ours.nullable, kafka.nullable);
        let tag = |tag: Option<i64>| tag.map_or("none".to_owned(), |tag| tag.to_string());
        self.compare("tag", tag(ours.tag), tag(kafka.tag));
        self.compare("default", &ours.default, &kafka.default);
        if let (Some(ours), Some(kafka)) = (ours.ignorable, kafka.ignorable) {
            self.compare("ignorable", ours, kafka);
        }
        self.compare("not flexible", ours.not_flexible, kafka.not_flexible);
        self.fields(&ours.fields, &kafka.fields);
    }
}
