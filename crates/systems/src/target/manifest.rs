//! The manifest: what council wrote in a place, so that it never touches anything else.
//!
//! It is kept in the place itself (or beside it, where the place keeps nothing), because it must share its fate: a place
//! that is restored from a backup comes back with the manifest of that day. A path is claimed *before* it is written, so
//! that a crash in between cannot leave a file of which council does not know that it is its own.

use std::collections::BTreeMap;

use plan::{Action, Digest, Fields, Marks, Observed, PAYLOAD_FIELD, Step};
use serde::{Deserialize, Serialize};

/// The version of the format. A manifest of a later one is refused instead of being misread.
const FORMAT: u32 = 1;

/// What council wrote, by path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    format: u32,
    pub(crate) files: BTreeMap<String, Claim>,
}

/// One path that is council's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Claim {
    /// The digest of what was written, or is about to be.
    pub(crate) sha256: Digest,
    /// What the content says, field by field; secrets as fingerprints.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub(crate) fields: Fields,
    /// Labels and the like, for the day on which it is destroyed.
    #[serde(default)]
    pub(crate) marks: Marks,
    /// Whether whoever reads the file has been told of this content.
    #[serde(default)]
    pub(crate) reloaded: bool,
}

/// A manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnreadableManifest {
    /// It is damaged.
    #[error("the manifest is damaged ({0}); restore it, or remove it and the files that it lists")]
    Damaged(#[source] serde_json::Error),
    /// It was written by a later version.
    #[error("the manifest has format {0} and this version reads {FORMAT}; use the newer council")]
    Newer(u32),
}

impl Default for Manifest {
    fn default() -> Self {
        Self { format: FORMAT, files: BTreeMap::new() }
    }
}

impl Manifest {
    /// Reads a manifest; no bytes mean that nothing has been written yet.
    pub(crate) fn read(bytes: Option<&[u8]>) -> Result<Self, UnreadableManifest> {
        let Some(bytes) = bytes else { return Ok(Self::default()) };
        let manifest: Self = serde_json::from_slice(bytes).map_err(UnreadableManifest::Damaged)?;
        if manifest.format > FORMAT {
            return Err(UnreadableManifest::Newer(manifest.format));
        }
        Ok(manifest)
    }

    /// Writes it, in stable order, for people and diffs too.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .expect("BUG: a manifest holds JSON that can be written");
        bytes.push(b'\n');
        bytes
    }

    /// Claims a path for what a step is about to write.
    pub(crate) fn claim(&mut self, path: &str, sha256: Digest, step: &Step) {
        // A step names what differs from what was observed; for a file that was not there, that is everything.
        let before = self.files.remove(path).filter(|_| step.action != Action::Create);
        let mut fields = before.map(|claim| claim.fields).unwrap_or_default();
        for change in step.fields.iter().filter(|change| change.name != PAYLOAD_FIELD) {
            match &change.after {
                Some(value) => fields.insert(change.name.clone(), value.clone()),
                None => fields.remove(&change.name),
            };
        }
        let marks = Marks {
            labels: step.labels.clone(),
            failure_domain: step.failure_domain.clone(),
            disruptive: step.disruptive,
            // A file is its bytes, and those are generated.
            restorable: true,
            ..Marks::default()
        };
        self.files.insert(path.to_owned(), Claim { sha256, fields, marks, reloaded: false });
    }
}

impl Claim {
    /// What to say of a path whose content has this digest. The fields are those that council wrote; when somebody else
    /// has written since, the digest says so.
    pub(crate) fn observed(&self, actual: Digest, at: jiff::Timestamp) -> Observed {
        let mut fields = self.fields.clone();
        fields.insert(PAYLOAD_FIELD.to_owned(), actual.to_string().into());
        Observed::Known { fields, at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_read_as_it_was_written_and_a_damaged_or_newer_one_is_refused() {
        let mut manifest = Manifest::default();
        let step =
            Step::new(plan::StepId(1), plan::ResourceId::new("lab", "file", "a"), Action::Create);
        manifest.claim("a", Digest::of(b"a"), &step);
        let bytes = manifest.write();
        assert_eq!(Manifest::read(Some(&bytes)).unwrap(), manifest);
        assert!(Manifest::read(Some(b"{\"format\":1")).is_err());
        let newer = String::from_utf8(bytes).unwrap().replace("\"format\": 1", "\"format\": 2");
        assert!(matches!(
            Manifest::read(Some(newer.as_bytes())),
            Err(UnreadableManifest::Newer(2))
        ));
        assert_eq!(Manifest::read(None).unwrap(), Manifest::default());
    }
}
