//! A place where machines run.

use playbook::{Period, Ref, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Seat;

/// A place where machines run: a data centre, a room, a cloud region.
///
/// `rto` (recovery time objective) is how long services of the site may be down after its loss,
/// `rpo` (recovery point objective) how much data may be lost, both as periods. A site that promises
/// either needs a disaster-recovery site that can take over.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Site
/// metadata:
///   name: eu-1
/// spec:
///   role: primary
///   location: Frankfurt am Main
///   owner: principal-sre
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// What it is for.
    pub role: SiteRole,
    /// Where it is.
    #[serde(default)]
    pub location: Option<String>,
    /// Who runs the building or the cloud.
    #[serde(default)]
    pub provider: Option<String>,
    /// How long its services may be down after its loss, such as `4h`.
    #[serde(default)]
    pub rto: Option<Spanned<Period>>,
    /// How much data may be lost with it, such as `15m`.
    #[serde(default)]
    pub rpo: Option<Spanned<Period>>,
    /// The seat that answers for it.
    #[serde(default)]
    pub owner: Option<Ref<Seat>>,
}

/// What a site is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SiteRole {
    /// Runs production.
    Primary,
    /// Takes over when a primary site is lost.
    DisasterRecovery,
    /// Takes what does not fit, for a while.
    Burst,
}

kind!(Site, "site");
