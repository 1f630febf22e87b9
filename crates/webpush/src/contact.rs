//! Whom the operator of a push service writes to when something is wrong with our messages.

use reqwest::Url;

/// The longest contact in bytes.
const LONGEST: usize = 254;

/// The `sub` of a signature (RFC 8292, section 2.1): an address for mail, or a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact(String);

/// Why a text is no contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a contact is `mailto:` and an address, or an `https` address, of at most {LONGEST} bytes and without blanks"
)]
pub struct ContactError;

impl Contact {
    /// Reads a contact, such as `mailto:sre@example.org` or `https://example.org/contact`.
    ///
    /// # Errors
    /// When it is neither. Apple's service refuses addresses in angle brackets, so they are refused here.
    pub fn new(text: &str) -> Result<Self, ContactError> {
        let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"');
        if text.len() > LONGEST || text.contains(odd) {
            return Err(ContactError);
        }
        let good = match text.strip_prefix("mailto:") {
            Some(address) => address
                .rsplit_once('@')
                .is_some_and(|(who, host)| !who.is_empty() && !host.is_empty()),
            None => Url::parse(text).is_ok_and(|url| url.scheme() == "https"),
        };
        if good { Ok(Self(text.to_owned())) } else { Err(ContactError) }
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_and_pages_are_contacts_and_nothing_else_is() {
        for good in ["mailto:sre@example.org", "https://example.org/contact"] {
            assert_eq!(Contact::new(good).map(|it| it.as_str().to_owned()).as_deref(), Ok(good));
        }
        let long = format!("mailto:{}@example.org", "a".repeat(LONGEST));
        let bad = ["", "sre@example.org", "mailto:sre", "mailto:@example.org", "mailto:sre@"];
        let odd = ["http://example.org", "https://", "mailto: a@b", "mailto:<a@b>", "mailto:a@b\n"];
        for bad in bad.into_iter().chain(odd).chain([long.as_str()]) {
            assert_eq!(Contact::new(bad), Err(ContactError), "{bad:?}");
        }
    }
}
