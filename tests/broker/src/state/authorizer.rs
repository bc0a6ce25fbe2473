//! [`Authorizer`]: decides by ACLs who may do what, like Kafka's `StandardAuthorizer`.

use std::collections::BTreeSet;

use super::acl::{ALLOW, Acl, AclFilter, DENY, operation};

/// The most ACLs that are stored.
const MOST: usize = 100_000;

/// The ACLs, and the principals that need none.
#[derive(Debug, Default)]
pub(crate) struct Authorizer {
    acls: BTreeSet<Acl>,
    super_users: BTreeSet<String>,
    allows_without: bool,
}

impl Authorizer {
    /// An authorizer with these values of `super.users` and `allow.everyone.if.no.acl.found`.
    pub(crate) fn new(super_users: &str, allows_without: bool) -> Self {
        let super_users = super_users.split(';').map(str::trim);
        Self {
            acls: BTreeSet::new(),
            super_users: super_users.map(str::to_owned).collect(),
            allows_without,
        }
    }

    /// Whether a principal at a host may do something with a resource.
    pub(crate) fn allows(
        &self,
        (principal, host): (&str, &str),
        wanted: i8,
        (resource_type, name): (i8, &str),
    ) -> bool {
        if self.super_users.contains(principal) {
            return true;
        }
        let about = || {
            self.acls
                .iter()
                .filter(|acl| acl.is_about(resource_type, name))
        };
        if about().next().is_none() {
            return self.allows_without;
        }
        let mut allowed = false;
        for acl in about().filter(|acl| acl.is_of(principal, host)) {
            let is_it = [operation::ALL, wanted].contains(&acl.operation);
            if acl.permission == DENY && is_it {
                return false;
            }
            allowed |= acl.permission == ALLOW && (is_it || implies(acl.operation, wanted));
        }
        allowed
    }

    /// Whether there is any resource of a type with which a principal may do something.
    pub(crate) fn allows_some(
        &self,
        (principal, host): (&str, &str),
        wanted: i8,
        resource_type: i8,
    ) -> bool {
        let is_it = |acl: &&Acl| {
            acl.resource_type == resource_type
                && acl.permission == ALLOW
                && acl.is_of(principal, host)
                && [operation::ALL, wanted].contains(&acl.operation)
        };
        let mut granted = self.acls.iter().filter(is_it);
        let holds = |acl: &Acl| self.allows((principal, host), wanted, (resource_type, &acl.name));
        self.super_users.contains(principal) || self.allows_without || granted.any(holds)
    }

    /// The ACLs that a filter matches.
    pub(crate) fn matching(&self, filter: &AclFilter) -> impl Iterator<Item = &Acl> {
        self.acls.iter().filter(|acl| filter.takes(acl))
    }

    /// Adds an ACL. Returns false if there are too many.
    pub(crate) fn add(&mut self, acl: Acl) -> bool {
        let has_room = self.acls.len() < MOST;
        if has_room {
            self.acls.insert(acl);
        }
        has_room
    }

    /// Removes these ACLs.
    pub(crate) fn remove(&mut self, acls: &BTreeSet<Acl>) {
        self.acls.retain(|acl| !acls.contains(acl));
    }
}

/// Whether permission for `granted` includes permission for `wanted`.
fn implies(granted: i8, wanted: i8) -> bool {
    match wanted {
        operation::DESCRIBE => [
            operation::READ,
            operation::WRITE,
            operation::DELETE,
            operation::ALTER,
        ]
        .contains(&granted),
        operation::DESCRIBE_CONFIGS => granted == operation::ALTER_CONFIGS,
        _ => false,
    }
}
