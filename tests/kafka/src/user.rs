//! [`User`]: who may authenticate.

/// A user that SASL listeners know, by PLAIN and by SCRAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: &'static str,
    /// The password.
    pub password: &'static str,
}

impl User {
    /// The administrator.
    pub const ADMIN: User = User {
        name: "admin",
        password: "admin-secret",
    };
    /// An ordinary user.
    pub const ALICE: User = User {
        name: "alice",
        password: "alice-secret",
    };
    /// All users.
    pub const ALL: [User; 2] = [User::ADMIN, User::ALICE];
}
