//! Who lives in a workstation.

/// What the caller's machine says: who, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account's name.
    pub user: String,
    /// Its number.
    pub uid: u32,
    /// Its group's number.
    pub gid: u32,
    /// Its group's name.
    pub group: String,
    /// Such as `Europe/Berlin`.
    pub timezone: Option<String>,
    /// Such as `de_DE.UTF-8`.
    pub locale: Option<String>,
}

impl Person {
    /// Where the home is seen in the workstation.
    pub fn home(&self) -> String {
        format!("/home/{}", self.user)
    }
}
