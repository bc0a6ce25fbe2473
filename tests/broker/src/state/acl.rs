//! [`Acl`]: who may do what with which resources. [`AclFilter`]: selects some ACLs.

use super::acl_host::is_among;

/// Numbers of the wire, by Kafka's names (KIP-140, KIP-290).
pub(crate) mod resource_type {
    pub(crate) const TOPIC: i8 = 2;
    pub(crate) const GROUP: i8 = 3;
    pub(crate) const CLUSTER: i8 = 4;
    pub(crate) const TRANSACTIONAL_ID: i8 = 5;
    /// The last resource type.
    pub(crate) const USER: i8 = 7;
}

/// Numbers of the wire, by Kafka's names (KIP-140).
pub(crate) mod operation {
    pub(crate) const ALL: i8 = 2;
    pub(crate) const READ: i8 = 3;
    pub(crate) const WRITE: i8 = 4;
    pub(crate) const CREATE: i8 = 5;
    pub(crate) const DELETE: i8 = 6;
    pub(crate) const ALTER: i8 = 7;
    pub(crate) const DESCRIBE: i8 = 8;
    pub(crate) const CLUSTER_ACTION: i8 = 9;
    pub(crate) const DESCRIBE_CONFIGS: i8 = 10;
    pub(crate) const ALTER_CONFIGS: i8 = 11;
    pub(crate) const IDEMPOTENT_WRITE: i8 = 12;
    /// The last operation.
    pub(crate) const TWO_PHASE_COMMIT: i8 = 15;
}

/// Means all resources of a type.
const WILDCARD: &str = "*";
/// Means all principals.
const EVERYONE: &str = "User:*";

/// What Kafka turns unknown values into.
pub(crate) const UNKNOWN: i8 = 0;
/// Makes a filter match any value.
pub(crate) const ANY: i8 = 1;
/// Makes a filter match every pattern that matches a name.
pub(crate) const MATCH: i8 = 2;
pub(crate) const PREFIXED: i8 = 4;
pub(crate) const DENY: i8 = 2;
pub(crate) const ALLOW: i8 = 3;

/// Who may, or may not, do what with which resources.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Acl {
    pub(crate) resource_type: i8,
    pub(crate) name: String,
    pub(crate) pattern_type: i8,
    pub(crate) principal: String,
    pub(crate) host: String,
    pub(crate) operation: i8,
    pub(crate) permission: i8,
}

/// Selects some ACLs. `None` matches anything.
#[derive(Debug, Clone)]
pub(crate) struct AclFilter {
    pub(crate) resource_type: i8,
    pub(crate) name: Option<String>,
    pub(crate) pattern_type: i8,
    pub(crate) principal: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) operation: i8,
    pub(crate) permission: i8,
}

impl Acl {
    /// The length of its strings, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.name.len() + self.principal.len() + self.host.len()
    }

    /// Whether it applies to this resource.
    pub(crate) fn is_about(&self, resource_type: i8, name: &str) -> bool {
        self.resource_type == resource_type && self.covers(name)
    }

    fn covers(&self, name: &str) -> bool {
        match self.pattern_type {
            PREFIXED => name.starts_with(&self.name),
            _ => self.name == WILDCARD || self.name == name,
        }
    }

    /// Whether it applies to this principal and host.
    pub(crate) fn is_of(&self, principal: &str, host: &str) -> bool {
        [EVERYONE, principal].contains(&self.principal.as_str()) && is_among(&self.host, host)
    }
}

impl AclFilter {
    /// Whether one of its values is `UNKNOWN`.
    pub(crate) fn has_unknown(&self) -> bool {
        [
            self.resource_type,
            self.pattern_type,
            self.operation,
            self.permission,
        ]
        .contains(&UNKNOWN)
    }

    /// The part of it that has unknown values, by Kafka's name.
    pub(crate) fn nonsense(&self) -> Option<&'static str> {
        let of_resource = (ANY..=resource_type::USER).contains(&self.resource_type)
            && (ANY..=PREFIXED).contains(&self.pattern_type);
        let of_entry = (ANY..=operation::TWO_PHASE_COMMIT).contains(&self.operation)
            && (ANY..=ALLOW).contains(&self.permission);
        match (of_resource, of_entry) {
            (false, _) => Some("patternFilter"),
            (_, false) => Some("entryFilter"),
            _ => None,
        }
    }

    /// Whether it matches this ACL.
    pub(crate) fn takes(&self, acl: &Acl) -> bool {
        let number = |wanted: i8, is: i8| wanted == ANY || wanted == is;
        let text =
            |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is);
        let named = match (&self.name, self.pattern_type) {
            (Some(name), MATCH) => acl.covers(name),
            (name, pattern_type) => {
                text(name, &acl.name)
                    && ([ANY, MATCH].contains(&pattern_type) || pattern_type == acl.pattern_type)
            }
        };
        named
            && number(self.resource_type, acl.resource_type)
            && text(&self.principal, &acl.principal)
            && text(&self.host, &acl.host)
            && number(self.operation, acl.operation)
            && number(self.permission, acl.permission)
    }
}
