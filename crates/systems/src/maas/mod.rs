//! MAAS (API 2.0): its machines, and what it may be told to do with them.
//!
//! It signs in by OAuth 1.0 with the method PLAINTEXT: the key that MAAS gives out has three parts, and the signature is the
//! third one. Nothing is signed, so that only TLS protects it on the wire.
//!
//! Absent on purpose: waiting. An operation is asked for, and whether it came is observed.

mod machine;

use std::fmt::Write as _;

use jiff::Timestamp;
use reqwest::{Client, Method};
use secrecy::{ExposeSecret as _, SecretString};

use crate::metal::{Call, MetalError};
pub use machine::{Disk, HardwareInfo, Interface, Machine};

const WHO: &str = "MAAS";

/// A MAAS region.
#[derive(Clone, Debug)]
pub struct Maas {
    base: String,
    key: SecretString,
    client: Client,
}

impl Maas {
    /// Names a region by its address up to `/MAAS`, with the API key of a user: `consumer:token:secret`.
    #[must_use]
    pub fn new(base: &str, key: SecretString, client: Client) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), key, client }
    }

    /// All machines.
    ///
    /// # Errors
    /// When it does not answer, refuses, or answers what nobody understands.
    pub async fn machines(&self) -> Result<Vec<Machine>, MetalError> {
        self.call(Method::GET, "machines/", "to list its machines".to_owned())?.read().await
    }

    /// Asks for an operation on a machine: `power_on`, `power_off`, `commission`, `deploy`, `release`, `mark_broken`, …
    ///
    /// # Errors
    /// As [`Maas::machines`], and when the state of the machine does not allow it.
    pub async fn operate(
        &self,
        system: &str,
        operation: &str,
        form: &[(&str, &str)],
    ) -> Result<(), MetalError> {
        let path = format!("machines/{system}/op-{operation}");
        let call = self.call(Method::POST, &path, format!("to {operation} `{system}`"))?;
        Call { request: call.request.form(form), ..call }.send().await.map(drop)
    }

    /// One machine by its id.
    ///
    /// # Errors
    /// As [`Maas::machines`].
    pub async fn machine(&self, system: &str) -> Result<Machine, MetalError> {
        let doing = format!("to show `{system}`");
        self.call(Method::GET, &format!("machines/{system}/"), doing)?.read().await
    }

    /// Makes a machine from a form.
    ///
    /// # Errors
    /// As [`Maas::machines`], and when another machine has one of its addresses.
    pub async fn enrol(&self, name: &str, form: &[(&str, &str)]) -> Result<(), MetalError> {
        let call = self.call(Method::POST, "machines/", format!("to enrol `{name}`"))?;
        Call { request: call.request.form(form), ..call }.send().await.map(drop)
    }

    /// Forgets a machine; what is on its disks stays.
    ///
    /// # Errors
    /// As [`Maas::machines`].
    pub async fn forget(&self, system: &str) -> Result<(), MetalError> {
        let doing = format!("to forget `{system}`");
        self.call(Method::DELETE, &format!("machines/{system}/"), doing)?.send().await.map(drop)
    }

    fn call(&self, method: Method, path: &str, doing: String) -> Result<Call, MetalError> {
        let header = authorization(self.key.expose_secret(), Timestamp::now());
        let Some(header) = header else {
            let why = "its API key does not have the form `consumer:token:secret`".to_owned();
            return Err(MetalError::Garbage { who: WHO, doing, why });
        };
        let request = self.client.request(method, format!("{}/api/2.0/{path}", self.base));
        let request = request.header("accept", "application/json");
        Ok(Call { who: WHO, doing, request: request.header("authorization", header) })
    }
}

/// The header of OAuth 1.0 with the method PLAINTEXT (RFC 5849, sections 3.4.4 and 3.5.1).
///
/// The nonce is the moment: PLAINTEXT signs nothing, so that it protects nothing, and MAAS only wants it to differ.
fn authorization(key: &str, now: Timestamp) -> Option<String> {
    let mut parts = key.trim().split(':');
    let (consumer, token, secret) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || [consumer, token, secret].contains(&"") {
        return None;
    }
    Some(format!(
        "OAuth oauth_version=\"1.0\", oauth_signature_method=\"PLAINTEXT\", oauth_consumer_key=\"{}\", \
         oauth_token=\"{}\", oauth_signature=\"%26{}\", oauth_nonce=\"{}\", oauth_timestamp=\"{}\"",
        escaped(consumer),
        escaped(token),
        escaped(secret),
        now.as_nanosecond(),
        now.as_second(),
    ))
}

/// Percent-encodes all but what RFC 3986 leaves alone.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let written = write!(escaped, "%{byte:02X}");
            debug_assert!(written.is_ok());
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_third_part_of_the_key() {
        let now = "2026-11-23T09:00:00Z".parse().expect("a time");
        let header = authorization("con:tok:s/ecret", now).expect("a key");
        for part in ["oauth_consumer_key=\"con\"", "oauth_token=\"tok\"", "\"%26s%2Fecret\""] {
            assert!(header.contains(part), "{header}");
        }
        for wrong in ["", "a:b", "a:b:c:d", "a::c"] {
            assert_eq!(authorization(wrong, now), None, "{wrong}");
        }
    }
}
