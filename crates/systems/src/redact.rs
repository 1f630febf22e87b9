//! Keeping secrets out of plans: what a tool shows of a change is looked at before anybody else sees it.
//!
//! A tool that prints a difference prints the password in it, too. A text is held back when the scanner finds a secret
//! in it or when it holds a value that council read from a secret store itself; shown is how much was held back and a
//! fingerprint by which a change can still be seen.
//!
//! Absent on purpose: cutting the secret out and showing the rest. What stands around a secret often says enough to
//! guess it, and what the scanner takes for its end may be its middle.

use std::fmt;

use plan::{FieldChange, FingerprintKey};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

/// The longest text that a plan shows of one side of a change, in bytes; of a longer one it shows the fingerprint alone.
/// A plan is read by people, and 8 KiB are two hundred lines.
const MAX_SHOWN: usize = 8 * 1024;

/// Knows what must not be shown.
#[derive(Clone, Default)]
pub struct Redactor {
    key: FingerprintKey,
    values: Vec<SecretString>,
}

impl Redactor {
    /// Makes one that shows fingerprints under a key.
    #[must_use]
    pub fn new(key: FingerprintKey) -> Self {
        Self { key, values: Vec::new() }
    }

    /// Adds a value that must not be shown wherever it stands. Values of fewer than four characters stand everywhere
    /// by accident and are passed over.
    #[must_use]
    pub fn hiding(mut self, value: SecretString) -> Self {
        if value.expose_secret().chars().count() >= 4 {
            self.values.push(value);
        }
        self
    }

    /// Says whether a text may be shown.
    #[must_use]
    pub fn is_harmless(&self, text: &str) -> bool {
        let known = self.values.iter().any(|value| text.contains(value.expose_secret()));
        !known && gitops::secrets::scan("", text).is_empty()
    }

    /// A change of a text as a plan may show it.
    #[must_use]
    pub fn change(&self, name: &str, before: Option<&str>, after: Option<&str>) -> FieldChange {
        let harmless = |text: Option<&str>| text.is_none_or(|text| self.is_harmless(text));
        if !harmless(before) || !harmless(after) {
            return self.secret(name, before.map(Value::from), after.map(Value::from));
        }
        let show = |text: Option<&str>| {
            text.map(|text| {
                if text.len() <= MAX_SHOWN {
                    return Value::from(text);
                }
                let lines = text.lines().count();
                let digest = plan::Digest::of(text.as_bytes()).short();
                Value::from(format!("({lines} lines, sha256 {digest})"))
            })
        };
        FieldChange::new(name, show(before), show(after))
    }

    /// A change of a secret.
    #[must_use]
    pub fn secret(&self, name: &str, before: Option<Value>, after: Option<Value>) -> FieldChange {
        let show = |value: Option<Value>| value.map(|value| self.key.fingerprint(&value));
        FieldChange { secret: true, ..FieldChange::new(name, show(before), show(after)) }
    }

    /// A message as it may be shown: whole, or not at all.
    #[must_use]
    pub fn message(&self, text: &str) -> String {
        if self.is_harmless(text) {
            text.to_owned()
        } else {
            "(the message holds a secret and is held back)".to_owned()
        }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Redactor({} values)", self.values.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_or_looks_like_a_secret_is_a_fingerprint() {
        let redactor = Redactor::default().hiding("canary".into());
        for text in ["motd: canary", "db_password: hunter2hunter3"] {
            let change = redactor.change("content", Some("x"), Some(text));
            assert!(change.secret, "{text}");
            let shown = serde_json::to_string(&change).unwrap();
            assert!(!shown.contains("canary") && !shown.contains("hunter"), "{shown}");
            assert!(!redactor.message(text).contains(text));
        }
        let change = redactor.change("content", None, Some("motd: hello"));
        assert_eq!((change.secret, change.after), (false, Some("motd: hello".into())));
        assert!(!format!("{redactor:?}").contains("canary"));
    }

    #[test]
    fn a_long_text_is_shown_by_its_length() {
        let long = "a line\n".repeat(2000);
        let change = Redactor::default().change("content", None, Some(&long));
        let shown = change.after.unwrap().to_string();
        assert!(shown.contains("2000 lines") && shown.len() < 60, "{shown}");
    }
}
