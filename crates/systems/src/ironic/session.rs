//! Signing in, and agreeing on a microversion.

use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{Access, Ironic, NEWEST, OLDEST, PAGE, WHO};
use crate::metal::{Call, MetalError};

/// The header of microversions.
const VERSION: &str = "x-openstack-ironic-api-version";

/// A sign-in that lasts for a few calls.
pub(super) struct Session<'i> {
    ironic: &'i Ironic,
    version: String,
    token: Option<SecretString>,
}

impl<'i> Session<'i> {
    pub(super) async fn open(ironic: &'i Ironic) -> Result<Self, MetalError> {
        let token = match &ironic.access {
            Access::Open => None,
            Access::Keystone { url, user, password } => {
                Some(sign_in(ironic, url, user, password).await?)
            }
        };
        let version = negotiate(ironic).await?;
        Ok(Self { ironic, version, token })
    }

    pub(super) fn call(&self, method: Method, path: &str, doing: impl Into<String>) -> Call {
        let url = format!("{}/v1/{path}", self.ironic.base);
        let mut request = self.ironic.client.request(method, url).header(VERSION, &self.version);
        if let Some(token) = &self.token {
            request = request.header("x-auth-token", token.expose_secret());
        }
        Call { who: WHO, doing: doing.into(), request }
    }

    /// One page of a list, after the one that ended with `marker`.
    pub(super) fn list(&self, path: &str, marker: Option<String>, doing: &str) -> Call {
        let call = self.call(Method::GET, path, doing);
        let mut query = vec![("limit", PAGE.to_string())];
        query.extend(marker.map(|marker| ("marker", marker)));
        Call { request: call.request.query(&query), ..call }
    }
}

/// The newest microversion that both sides know.
async fn negotiate(ironic: &Ironic) -> Result<String, MetalError> {
    let doing = "to say which versions it speaks";
    let request = ironic.client.get(format!("{}/v1/", ironic.base));
    let (headers, _) = Call { who: WHO, doing: doing.to_owned(), request }.send().await?;
    let said = |name: &str| {
        let text = headers.get(name)?.to_str().ok()?;
        let (major, minor) = text.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    };
    let least = said("x-openstack-ironic-api-minimum-version");
    let most = said("x-openstack-ironic-api-maximum-version");
    let garbage = |why: String| MetalError::Garbage { who: WHO, doing: doing.to_owned(), why };
    let (Some(least), Some(most)) = (least, most) else {
        return Err(garbage("its versions are missing; is this an Ironic?".to_owned()));
    };
    if most < OLDEST || least > NEWEST {
        let (low, high) = (format!("{}.{}", least.0, least.1), format!("{}.{}", most.0, most.1));
        return Err(garbage(format!("it speaks the versions {low} to {high}, and we do not")));
    }
    let (major, minor) = most.min(NEWEST);
    Ok(format!("{major}.{minor}"))
}

/// A token of system scope.
async fn sign_in(
    ironic: &Ironic,
    url: &str,
    user: &str,
    password: &SecretString,
) -> Result<SecretString, MetalError> {
    let doing = "to sign in";
    let body = json!({ "auth": {
        "identity": { "methods": ["password"], "password": { "user": {
            "name": user, "domain": { "id": "default" }, "password": password.expose_secret(),
        } } },
        "scope": { "system": { "all": true } },
    } });
    let request =
        ironic.client.post(format!("{}/auth/tokens", url.trim_end_matches('/'))).json(&body);
    let (headers, _) = Call { who: "Keystone", doing: doing.to_owned(), request }.send().await?;
    let token = headers.get("x-subject-token").and_then(|token| token.to_str().ok());
    token.map(SecretString::from).ok_or_else(|| MetalError::Garbage {
        who: "Keystone",
        doing: doing.to_owned(),
        why: "it has no token".to_owned(),
    })
}
