//! A service account.

use std::collections::BTreeMap;

use playbook::{OneOf, Period, Ref, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IdentityProvider, Owner};

/// An account of a program: a pipeline, a monitoring system.
///
/// It acts by tokens that carry its scopes and no more. A job of a pipeline gets one for minutes, in exchange for the
/// token by which its own system vouches for it; `jobs` says which jobs may. Where there is no such system its owner makes a
/// token that ends. An account decides nothing: it does not vote, approve or break the glass, whatever policies permit.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: ServiceAccount
/// metadata:
///   name: playbook-pipeline
/// spec:
///   purpose: Reads the record and plans in the pipeline of the playbook.
///   owner: seat/principal-sre
///   scopes: [read, change]
///   lasts: 15m
///   jobs:
///   - provider: company
///     claims: {repository: example/playbook, ref: refs/heads/main}
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccount {
    /// What it is for.
    pub purpose: String,
    /// Who answers for it.
    pub owner: OneOf<Owner>,
    /// What its tokens may be used for.
    pub scopes: Vec<AccountScope>,
    /// How long a token of a job lasts, at most an hour; a quarter of an hour when left out.
    #[serde(default)]
    pub lasts: Option<Spanned<Period>>,
    /// The jobs that may act by it.
    #[serde(default)]
    pub jobs: Vec<Job>,
}

/// Jobs of a pipeline, told by what their system says of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// The provider that vouches for them.
    pub provider: Ref<IdentityProvider>,
    /// For whom their token is meant; this council's own address when left out.
    #[serde(default)]
    pub audience: Option<String>,
    /// What the token must claim: all of it, exactly; a `*` stands for any part of a value.
    pub claims: BTreeMap<String, Spanned<String>>,
}

/// What a service account may do.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum AccountScope {
    /// Read the playbook and the record.
    Read,
    /// Plan changes.
    Change,
    /// Send alerts.
    Alert,
}

impl AccountScope {
    /// The scope as tokens carry it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Change => "change",
            Self::Alert => "alert",
        }
    }
}

impl ServiceAccount {
    /// The longest life of a job's token: a job that takes longer asks again.
    pub const LONGEST: Period = Period::hours(1);

    /// The life of a job's token when nothing is said.
    pub const USUAL: Period = Period::seconds(15 * 60);

    /// How long a job's token lasts.
    pub fn lasts(&self) -> Period {
        self.lasts.as_ref().map_or(Self::USUAL, |lasts| lasts.value.min(Self::LONGEST))
    }
}

kind!(ServiceAccount, "service-account");
