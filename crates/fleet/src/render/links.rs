//! Where a machine finds what it reads next.

/// The links of one installation.
///
/// The token stands for it: who has it may read the answers and fetch each secret once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// Where the boot service answers, such as `http://10.10.0.5:8069`, without a slash at its end.
    pub base: String,
    /// The token of this installation.
    pub token: String,
    /// What tells this installation from those before it: cloud-init sets a system up once for each.
    pub instance: String,
}

impl Links {
    /// Links that show where a token would stand, for people who look at a text.
    #[must_use]
    pub fn shown(base: &str, name: &str) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { base, token: "TOKEN".to_owned(), instance: name.to_owned() }
    }

    /// Where the documents of this installation are, with a slash at its end, as cloud-init wants it.
    pub(super) fn seed(&self) -> String {
        format!("{}/install/{}/", self.base, self.token)
    }

    /// A document of this installation.
    pub(super) fn document(&self, name: &str) -> String {
        format!("{}{name}", self.seed())
    }

    /// A secret, fetched once.
    pub(super) fn secret(&self, name: &str) -> String {
        format!("{}secret/{name}", self.seed())
    }

    /// Where the machine says how far it is.
    pub(super) fn phone_home(&self, stage: &str) -> String {
        format!("{}phone-home/{stage}", self.seed())
    }

    /// A file that the service serves.
    pub(super) fn file(&self, path: &str) -> String {
        format!("{}/files/{path}", self.base)
    }

    /// The script of whoever asks, by what iPXE knows about it.
    pub(super) fn script(&self) -> String {
        format!("{}/ipxe?mac=${{netX/mac}}&uuid=${{uuid}}", self.base)
    }

    /// The host in it, without port.
    pub(super) fn host(&self) -> &str {
        let rest = self.base.split_once("://").map_or(self.base.as_str(), |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or(rest);
        match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, _)) => address,
            None => authority.split(':').next().unwrap_or(authority),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_found_behind_every_spelling() {
        for (base, host) in [
            ("http://10.0.2.2:8069", "10.0.2.2"),
            ("https://boot.example.org/", "boot.example.org"),
            ("http://[fd00::5]:8069", "fd00::5"),
        ] {
            assert_eq!(Links::shown(base, "a").host(), host, "{base}");
        }
    }
}
