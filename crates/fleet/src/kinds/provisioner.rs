//! Provisioner: the software that manages hardware and installs it.

use org::kinds::{Seat, Site};
use playbook::{OneOf, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

playbook::family! {
    /// Where an undecided matter is or was settled: an open question or a decision.
    pub Settlement = "question" | "decision"
}

playbook::family! {
    /// What signs in at a system outside: a secret that the playbook knows by name.
    pub Credentials = "secret"
}

/// A provisioner: the software that powers machines on, installs and releases them.
///
/// The scope is what matters when a site is lost: a provisioner that two sites share takes both
/// down with it, one per site does not. Leave it out while nobody has decided.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Provisioner
/// metadata:
///   name: maas-eu-1
/// spec:
///   software: maas
///   purpose: Discovers, commissions and installs every server of the site.
///   scope: per-site
///   sites: [eu-1]
///   endpoint: https://maas.eu-1.example.org/MAAS
///   credentials: secret/maas-eu-1-token
///   boots: [netboot]
///   owner: principal-sre
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provisioner {
    /// The software.
    pub software: ProvisionerSoftware,
    /// What it does for us.
    pub purpose: String,
    /// Whether each site has its own. Left out while nobody has decided.
    pub scope: Option<Scope>,
    /// Where the open matter is or was settled.
    pub settled_by: Option<OneOf<Settlement>>,
    /// The sites whose machines it manages.
    #[serde(default)]
    pub sites: Vec<Ref<Site>>,
    /// Where its API answers: Ironic's root, or MAAS up to `/MAAS`. Left out, nobody looks at it.
    pub endpoint: Option<Spanned<String>>,
    /// The secret to sign in with. Its value comes from the environment of the server that looks.
    pub credentials: Option<OneOf<Credentials>>,
    /// Where it fetches images: an address that the name of an image or of its version is put behind, such as
    /// `https://images.example.org/`. MAAS keeps images itself and needs none.
    pub images: Option<String>,
    /// How it starts machines.
    #[serde(default)]
    pub boots: Vec<Ref<super::BootProfile>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// The software of a provisioner.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ProvisionerSoftware {
    /// Canonical MAAS.
    Maas,
    /// OpenStack Ironic.
    Ironic,
}

/// Whether sites share a provisioner.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Each site has its own and works alone.
    PerSite,
    /// One for several sites.
    Shared,
}

playbook::kind!(Provisioner, "provisioner");
