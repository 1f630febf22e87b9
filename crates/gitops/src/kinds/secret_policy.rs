//! Secret policy: where secrets live, who reads them, when they change.

use jiff::civil::Date;
use org::kinds::{Owner, Seat};
use playbook::{OneOf, Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A secret policy: where secrets live, who may read them, and how often they change.
///
/// An exception excuses what the scanner finds in some files: an example key in a test, say. It has an
/// owner and a last day, because what looked harmless is looked at again by somebody.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: SecretPolicy
/// metadata:
///   name: infrastructure
/// spec:
///   plain_text: false
///   stores: [HashiCorp Vault, SOPS]
///   rotate_every: 90d
///   warn_before: 14d
///   exceptions:
///     - path: tests/keys/**
///       rule: private-key
///       reason: Made for the tests and used nowhere else.
///       owner: seat/automation-gitops
///       expires: 2027-06-30
///   access: The team that runs the service reads its own secrets and no others.
///   owner: automation-gitops
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretPolicy {
    /// Whether a secret may ever stand readable in a file. There is hardly a reason for `true`.
    #[serde(default)]
    pub plain_text: bool,
    /// Where secrets may be kept.
    #[serde(default)]
    pub stores: Vec<String>,
    /// How often a secret changes. Left out while nobody has decided.
    pub rotate_every: Option<Period>,
    /// How long before a secret is too old its owner is told; two weeks when left out.
    pub warn_before: Option<Period>,
    /// What the scanner finds and somebody answers for.
    #[serde(default)]
    pub exceptions: Vec<SecretException>,
    /// Who may read what, in a sentence. Left out while nobody has decided.
    pub access: Option<String>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// Something that looks like a secret and may stand where it stands, for a while.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretException {
    /// The files meant, as a glob.
    pub path: Spanned<String>,
    /// The scanner's rule that is excused, such as `private-key`; all of them when left out.
    pub rule: Option<Spanned<String>>,
    /// The one finding that is excused, by its fingerprint; all of the rule when left out.
    pub fingerprint: Option<String>,
    /// Why it may stand there.
    pub reason: String,
    /// Who answers for it.
    pub owner: OneOf<Owner>,
    /// The last day on which it holds.
    pub expires: Spanned<Date>,
}

playbook::kind!(SecretPolicy, "secret-policy");
