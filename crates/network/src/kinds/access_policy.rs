//! Access policy: how people reach machines and services reach each other.

use org::kinds::Seat;
use playbook::{Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An access policy: how somebody, or some service, is let in.
///
/// One policy for each way in: SSH to machines, the APIs that administer the platform, one service
/// calling another. Fields that nobody has decided stay out of the file and show as gaps.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: AccessPolicy
/// metadata:
///   name: ssh
/// spec:
///   way: ssh
///   principle: People reach machines through a bastion, never directly.
///   bastion: true
///   authentication: [security-key, certificate]
///   root_login: false
///   session_limit: 12h
///   owner: network-security
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessPolicy {
    /// The way in that this policy is about.
    pub way: Way,
    /// The policy in a sentence.
    pub principle: String,
    /// Whether the only way leads over a bastion host.
    pub bastion: Option<bool>,
    /// How the caller proves who it is; any one of these suffices.
    #[serde(default)]
    pub authentication: Vec<Spanned<Authentication>>,
    /// Who may do what once inside.
    pub authorization: Option<String>,
    /// Whether `root` may sign in by itself.
    pub root_login: Option<bool>,
    /// How long a session or a certificate lasts at most.
    pub session_limit: Option<Period>,
    /// Where it does not hold, and why.
    #[serde(default)]
    pub exceptions: Vec<String>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// A way in.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// People to machines, over SSH.
    Ssh,
    /// People and programs to the APIs that administer the platform.
    Api,
    /// One service to another.
    ServiceToService,
    /// People to consoles and baseboard controllers, when everything else is down.
    OutOfBand,
}

/// How a caller proves who it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Authentication {
    /// A password.
    Password,
    /// A key pair in a file.
    Key,
    /// A key that lives in hardware (FIDO2).
    SecurityKey,
    /// A certificate with a short life.
    Certificate,
    /// Mutual TLS between services.
    MutualTls,
    /// A signed token from the identity provider.
    Token,
}

playbook::kind!(AccessPolicy, "access-policy");
