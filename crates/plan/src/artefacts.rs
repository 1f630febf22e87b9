//! What a plan only names by digest: bytes to write, and secret values.
//!
//! They lie beside the plan and never in it: a plan is read by many people and kept for long. They are computed from
//! the playbook and the secret stores whenever they are needed, so losing them loses nothing.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::digest::Digest;
use crate::resource::{Desired, ResourceId};

/// Bytes by digest, and secret fields by resource.
#[derive(Clone, Default)]
pub struct Artefacts {
    bytes: BTreeMap<Digest, Arc<[u8]>>,
    secrets: BTreeMap<ResourceId, BTreeMap<String, Value>>,
}

impl Artefacts {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes and says the digest to name them by.
    pub fn add(&mut self, bytes: impl Into<Arc<[u8]>>) -> Digest {
        let bytes = bytes.into();
        let digest = Digest::of(&bytes);
        self.bytes.insert(digest, bytes);
        digest
    }

    /// Keeps the values of secret fields, which a step shows only as fingerprints.
    pub fn keep_secrets(&mut self, desired: &[Desired]) {
        for resource in desired.iter().filter(|resource| !resource.secret_fields.is_empty()) {
            let secret = |name: &&String| resource.secret_fields.contains(*name);
            let values = resource.fields.iter().filter(|(name, _)| secret(name));
            self.secrets.insert(
                resource.id.clone(),
                values.map(|(name, value)| (name.clone(), value.clone())).collect(),
            );
        }
    }

    /// The bytes with a digest.
    #[must_use]
    pub fn bytes(&self, digest: Digest) -> Option<&Arc<[u8]>> {
        self.bytes.get(&digest)
    }

    /// The value of a secret field.
    #[must_use]
    pub fn secret(&self, resource: &ResourceId, field: &str) -> Option<&Value> {
        self.secrets.get(resource)?.get(field)
    }

    /// Adds those of others.
    pub fn extend(&mut self, other: Self) {
        self.bytes.extend(other.bytes);
        self.secrets.extend(other.secrets);
    }
}

impl fmt::Debug for Artefacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Artefacts")
            .field("bytes", &self.bytes.keys())
            .field("secrets", &self.secrets.keys())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_by_its_field_and_never_shown() {
        let id = ResourceId::new("vault", "secret", "db");
        let mut desired =
            Desired::new(id.clone()).field("password", "canary-41").field("user", "db");
        desired.secret_fields.insert("password".to_owned());
        let mut artefacts = Artefacts::new();
        artefacts.keep_secrets(&[desired]);
        assert_eq!(artefacts.secret(&id, "password"), Some(&"canary-41".into()));
        assert_eq!(artefacts.secret(&id, "user"), None);
        assert!(!format!("{artefacts:?}").contains("canary"));
    }
}
