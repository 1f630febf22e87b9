//! Image: an operating system image that machines are installed from.

use jiff::civil::Date;
use org::kinds::Seat;
use playbook::{OneOf, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

playbook::family! {
    /// A repository that holds the source of something.
    pub SourceRepository = "repository"
}

/// An image: what a machine's disk holds after installation.
///
/// A base image stands on a distribution; a golden image is built on a base for one role. Versions
/// are resources of their own, because they come and go while the image stays.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Image
/// metadata:
///   name: debian-base
/// spec:
///   distribution: debian
///   release: "13"
///   supported_until: 2030-06-30
///   long_term_support: true
///   repository: repository/infra-baremetal
///   versioning: <release>.<date>
///   owner: principal-sre
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// The distribution.
    pub distribution: Distribution,
    /// Its release, in quotes. Left out while nobody has decided.
    pub release: Option<String>,
    /// The last day on which its distribution mends security holes of this release.
    pub supported_until: Option<Spanned<Date>>,
    /// Whether only releases with long-term support are used.
    #[serde(default)]
    pub long_term_support: bool,
    /// The image that this one is built on; none for a base image.
    pub base: Option<Ref<Self>>,
    /// Where its build is kept.
    pub repository: Option<OneOf<SourceRepository>>,
    /// The pattern of version names.
    pub versioning: Option<String>,
    /// The hardening that is built in.
    pub baseline: Option<Ref<super::Baseline>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// A Linux distribution.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Distribution {
    /// Debian.
    Debian,
    /// Ubuntu.
    Ubuntu,
}

playbook::kind!(Image, "image");
