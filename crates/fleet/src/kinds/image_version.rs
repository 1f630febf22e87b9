//! Image version: one build of an image and how far it has come.

use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An image version: one build of an image.
///
/// It moves from channel to channel as trust grows and then as it ages. At most one version of an
/// image is promoted at a time: the one that new machines get.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: ImageVersion
/// metadata:
///   name: debian-base-13.2
/// spec:
///   image: debian-base
///   version: "13.2"
///   channel: promoted
///   sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImageVersion {
    /// The image.
    pub image: Ref<super::Image>,
    /// The version, in quotes.
    pub version: String,
    /// How far it has come.
    pub channel: Spanned<Channel>,
    /// SHA-256 of the file, 64 hexadecimal digits.
    pub sha256: Option<Spanned<String>>,
    /// What changed since the version before.
    pub changes: Option<String>,
}

/// How far a version has come.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// Built.
    Candidate,
    /// Booted and checked.
    Tested,
    /// What new machines get.
    Promoted,
    /// Still running somewhere, no longer installed.
    Deprecated,
    /// Must not run any more.
    Retired,
}

playbook::kind!(ImageVersion, "image-version");
