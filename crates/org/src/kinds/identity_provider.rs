//! An identity provider.

use playbook::{Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An OpenID Connect provider whose word about people and jobs is believed.
///
/// With a `client`, the sign-in page offers it: whoever it vouches for is signed in as the person of the
/// playbook with that e-mail address or handle, and nobody else is. Without a `client` it vouches for jobs of
/// pipelines alone, which sign in as a service account. The issuer's address is everything that council must be
/// told; addresses and keys are discovered there. No secret stands here: `secret_from` names the environment
/// variable that holds it.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: IdentityProvider
/// metadata:
///   name: company
///   title: Company account
/// spec:
///   issuer: https://login.example.org/realms/company
///   client: council
///   secret_from: COUNCIL_OIDC_SECRET
///   scopes: [email, groups]
///   person: email
///   enter: [{claim: groups, has: staff}]
///   operators: [{claim: groups, has: council-operators}]
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityProvider {
    /// Its issuer, exactly as its discovery document says it; `https`, but for one on this machine.
    pub issuer: Spanned<String>,
    /// The name under which council is registered there. Without it people cannot sign in by it.
    #[serde(default)]
    pub client: Option<String>,
    /// The environment variable that holds the client's secret; none for a public client, which PKCE protects.
    #[serde(default)]
    pub secret_from: Option<String>,
    /// What is asked for besides `openid`: `email`, and what brings groups.
    #[serde(default = "usual_scopes")]
    pub scopes: Vec<String>,
    /// How the person of the playbook is found.
    #[serde(default)]
    pub person: PersonBy,
    /// Who may enter at all: one of these must hold. Every person of the playbook may when it is empty.
    #[serde(default)]
    pub enter: Vec<HasClaim>,
    /// Who operates the server while signed in by it: one of these must hold. Nobody when it is empty.
    #[serde(default)]
    pub operators: Vec<HasClaim>,
    /// Whether e-mail addresses are believed that the provider does not call verified: right where the company itself writes them.
    #[serde(default)]
    pub unverified_email: bool,
}

/// How a person is found among those of the playbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PersonBy {
    /// By the verified e-mail address.
    #[default]
    Email,
    /// By one of the person's handles.
    Handle {
        /// Which: a key of the person's `handles`.
        name: String,
        /// The claim that holds it, such as `preferred_username`.
        claim: String,
    },
}

/// A claim that a token must make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HasClaim {
    /// The claim's name.
    pub claim: String,
    /// Its value, or one of its values where it is a list.
    pub has: String,
}

fn usual_scopes() -> Vec<String> {
    vec!["email".to_owned()]
}

kind!(IdentityProvider, "identity-provider");
