//! What is asked: controls and the settings that make them true.

use std::collections::BTreeMap;
use std::fmt;

/// One thing that must hold on a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Control {
    /// The id that reports cite.
    pub id: String,
    /// What makes it true. Without any, only a person can judge it.
    pub settings: Settings,
}

/// What makes a control true on a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Keywords of the SSH server and their values, as `sshd_config` has them.
    pub sshd: BTreeMap<String, String>,
    /// Kernel settings by their names, such as `net.ipv4.ip_forward`.
    pub kernel: BTreeMap<String, String>,
    /// Packages that must be there.
    pub installed: Vec<String>,
    /// Packages that must not be there.
    pub absent: Vec<String>,
    /// Whether security updates must install themselves every day.
    pub security_updates: bool,
}

/// What tells one answer from all others: the script prints it in its marks, and a host cannot know it before.
#[derive(Clone, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// Of bytes that nobody can guess.
    #[must_use]
    pub fn new(bytes: [u8; 16]) -> Self {
        Self(crate::text::hex(&bytes))
    }

    /// As it stands in the marks: 32 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(…)")
    }
}
