//! Secret: something that must not be known, told by where it is kept and how old it may get.
//!
//! Absent on purpose: the value. Nothing here can hold one.

use jiff::civil::Date;
use org::kinds::{Owner, Service};
use playbook::{OneOf, Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SecretPolicy;

/// A secret: where it is kept, who answers for it and how often it changes. Never the value itself.
///
/// When it was changed last is read from where it is kept: the version's time in Vault or OpenBao, the
/// last change of a SOPS file. `last_rotated` is for places that cannot say. Findings begin some time
/// before the secret is too old, as its policy says.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Secret
/// metadata:
///   name: orders-db-password
/// spec:
///   purpose: The checkout signs in to its database with it.
///   owner: team/checkout
///   kept_in:
///     vault: { mount: kv, path: checkout/orders-db, field: password }
///   max_age: 90d
///   how_to_rotate: runbooks/rotate-database-password.md
///   services: [checkout-api]
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// What it opens.
    pub purpose: String,
    /// Who answers for it and changes it.
    pub owner: OneOf<Owner>,
    /// Where it is kept.
    pub kept_in: Keeper,
    /// How old it may get; the policy's word when left out.
    pub max_age: Option<Spanned<Period>>,
    /// When it was changed last, for places that cannot say.
    pub last_rotated: Option<Spanned<Date>>,
    /// How it is changed: a runbook, a job.
    pub how_to_rotate: Option<String>,
    /// The services that use it.
    #[serde(default)]
    pub services: Vec<Ref<Service>>,
    /// The policy that holds for it; the only one when left out.
    pub policy: Option<Ref<SecretPolicy>>,
}

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Keeper {
    /// The key-value store, version 2, of HashiCorp Vault or OpenBao.
    Vault(InVault),
    /// A file that SOPS encrypted.
    Sops(InSops),
    /// A key of a cloud's key management, which never hands it out.
    Kms(InKms),
}

impl Keeper {
    /// What people call the place.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Vault(_) => "Vault",
            Self::Sops(_) => "SOPS",
            Self::Kms(_) => "KMS",
        }
    }

    /// The place in one line, such as `kv/checkout/orders-db#password`.
    #[must_use]
    pub fn place(&self) -> String {
        let field = |field: &Option<String>| {
            field.as_ref().map(|field| format!("#{field}")).unwrap_or_default()
        };
        match self {
            Self::Vault(InVault { mount, path, field: name }) => {
                format!("{mount}/{path}{}", field(name))
            }
            Self::Sops(InSops { file, field: name }) => format!("{file}{}", field(name)),
            Self::Kms(InKms { key }) => key.clone(),
        }
    }
}

/// A secret in Vault or OpenBao.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InVault {
    /// The mount of the store.
    pub mount: String,
    /// The path below it.
    pub path: String,
    /// The field that is meant; all of them when left out.
    pub field: Option<String>,
}

/// A secret in a SOPS file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InSops {
    /// The file, from the root of the playbook.
    pub file: String,
    /// The field that is meant, such as `database.password`; all of them when left out.
    pub field: Option<String>,
}

/// A key of a cloud's key management.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InKms {
    /// Its name there, such as an ARN.
    pub key: String,
}

playbook::kind!(Secret, "secret");
