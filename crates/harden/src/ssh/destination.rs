//! Where to: a destination that `ssh` cannot take for anything else.

use std::fmt;

/// A destination of `ssh`: `host`, `user@host`, or `ssh://user@host:port`, where the host may be an alias of `ssh_config`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Destination(String);

/// Why a text is no destination.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no destination: it must be `host`, `user@host` or `ssh://user@host:port`, and neither may begin with `-`"
)]
pub struct NotADestination {
    /// What was given, fit to be shown.
    pub text: String,
}

/// A name of the DNS has at most 253 bytes, a user's name 32 on most systems; with room for those of directories.
const MOST: usize = 400;

impl Destination {
    /// Reads a destination. Only letters, digits and what addresses and names need may be in it, since `ssh` hands it to the shell
    /// of a `ProxyCommand`.
    ///
    /// # Errors
    /// Where it could be read as an option, by a shell, or not at all.
    pub fn new(text: &str) -> Result<Self, NotADestination> {
        let rest = text.strip_prefix("ssh://").unwrap_or(text);
        let (user, host) =
            rest.rsplit_once('@').map_or((None, rest), |(user, host)| (Some(user), host));
        let is_host = is_plain(host, "._-:[]%");
        let is_user = user.is_none_or(|user| is_plain(user, "._-+@"));
        if text.len() <= MOST && is_host && is_user {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotADestination { text: crate::text::shown(text) })
        }
    }

    /// As `ssh` takes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_plain(text: &str, also: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || also.contains(c);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_neither_an_option_nor_a_command() {
        for good in [
            "db1",
            "root@db1.example",
            "ssh://root@db1:2222",
            "a@b@host",
            "ssh://[::1]:22",
            "fe80::1%eth0",
        ] {
            assert_eq!(Destination::new(good).expect("a destination").as_str(), good);
        }
        for wrong in [
            "",
            "-oProxyCommand=id",
            "root@-oProxyCommand=id",
            "-x@host",
            "ssh://-oProxyCommand=id",
            "ssh://",
            "a b",
            "a\nb",
            "$(id)",
            "a;b",
            "`id`@h",
            "a'b",
            "@host",
            "user@",
            "h\u{202e}x",
            "ssh://h/path",
        ] {
            assert!(Destination::new(wrong).is_err(), "{wrong}");
        }
        assert!(Destination::new(&"a".repeat(MOST + 1)).is_err());
    }
}
