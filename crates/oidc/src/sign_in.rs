//! A person's way through the browser: authorization code, PKCE, state, nonce.

use jiff::Timestamp;
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse as _,
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::provider::Known;
use crate::trouble::chain;
use crate::{Claims, Provider, Trouble};

/// As what council is registered at a provider.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its name there.
    pub id: String,
    /// Its secret; none for a public client, which PKCE alone protects.
    pub secret: Option<SecretString>,
    /// Where the browser comes back to.
    pub redirect: String,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
}

/// A sign-in that has begun: what must be remembered until the browser comes back. All of it is secret.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// What the browser must bring back.
    pub state: SecretString,
    /// What the token must repeat.
    pub nonce: SecretString,
    /// What proves that the code is ours.
    pub verifier: SecretString,
    /// Whether the person must have signed in anew, at this moment.
    pub anew: bool,
}

/// A sign-in that has begun.
#[derive(Debug)]
pub struct Begun {
    /// Where to send the browser.
    pub address: String,
    /// What to remember.
    pub attempt: Attempt,
}

/// What the browser brought back.
#[derive(Clone, Debug)]
pub struct Returned {
    /// The code.
    pub code: SecretString,
    /// The state.
    pub state: SecretString,
}

/// How long ago somebody may have typed their password for a sign-in that must be new, in seconds: the time to fetch a second factor.
const NEW: i64 = 5 * 60;

impl Provider {
    /// Begins a sign-in; `anew` wants the person to prove again who they are.
    ///
    /// # Errors
    /// When the provider cannot be asked, or the settings cannot be used.
    pub async fn begin(
        &self,
        client: &Client,
        anew: bool,
        now: Timestamp,
    ) -> Result<Begun, Trouble> {
        let known = self.known(now).await?;
        let registered = registered(client, &known)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut asked = registered
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .set_pkce_challenge(challenge)
            .add_scopes(client.scopes.iter().cloned().map(Scope::new));
        if anew {
            asked = asked
                .add_prompt(CoreAuthPrompt::Login)
                .set_max_age(std::time::Duration::from_secs(0));
        }
        let (address, state, nonce) = asked.url();
        let attempt = Attempt {
            state: SecretString::from(state.secret().as_str()),
            nonce: SecretString::from(nonce.secret().as_str()),
            verifier: SecretString::from(verifier.secret().as_str()),
            anew,
        };
        Ok(Begun { address: address.to_string(), attempt })
    }

    /// Turns what the browser brought back into what the provider says of the person.
    ///
    /// # Errors
    /// When the state is another sign-in's, the provider says no, or its token is not believed.
    pub async fn finish(
        &self,
        client: &Client,
        attempt: &Attempt,
        returned: &Returned,
        now: Timestamp,
    ) -> Result<Claims, Trouble> {
        // Both are 128 random bits of ours, used once: there is nothing to learn from how long this takes.
        if attempt.state.expose_secret() != returned.state.expose_secret() {
            return Err(Trouble::Refused("the browser brings back another sign-in".to_owned()));
        }
        let known = self.known(now).await?;
        let registered = registered(client, &known)?;
        let code = AuthorizationCode::new(returned.code.expose_secret().to_owned());
        let verifier = PkceCodeVerifier::new(attempt.verifier.expose_secret().to_owned());
        let answered = registered
            .exchange_code(code)
            .map_err(|error| Trouble::Settings(chain(&error)))?
            .set_pkce_verifier(verifier)
            .request_async(self.http())
            .await
            .map_err(|error| match &error {
                RequestTokenError::ServerResponse(said) => Trouble::Denied(said.to_string()),
                RequestTokenError::Request(_)
                | RequestTokenError::Parse(..)
                | RequestTokenError::Other(_) => Trouble::Unreachable(chain(&error)),
            })?;
        let token = answered.id_token().ok_or_else(|| {
            Trouble::Refused("the provider sent no token about the person".to_owned())
        })?;
        let nonce = Nonce::new(attempt.nonce.expose_secret().to_owned());
        let claims = self.verify(&token.to_string(), &client.id, Some(&nonce), now).await?;
        if attempt.anew {
            is_new(&claims, now)?;
        }
        Ok(claims)
    }
}

/// A provider that was asked for a new proof must say when it had it.
fn is_new(claims: &Claims, now: Timestamp) -> Result<(), Trouble> {
    let when = claims.seconds("auth_time");
    match when {
        Some(when) if now.as_second().saturating_sub(when) <= NEW => Ok(()),
        Some(_) => Err(Trouble::Refused("the person did not prove anew who they are".to_owned())),
        None => Err(Trouble::Refused(
            "the provider does not say when the person proved who they are (`auth_time`)"
                .to_owned(),
        )),
    }
}

/// The library's client, with the endpoints that were discovered.
type Registered = CoreClient<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

fn registered(client: &Client, known: &Known) -> Result<Registered, Trouble> {
    let redirect = RedirectUrl::new(client.redirect.clone())
        .map_err(|error| Trouble::Settings(format!("`{}`: {error}", client.redirect)))?;
    let secret = client.secret.as_ref().map(|it| ClientSecret::new(it.expose_secret().to_owned()));
    let made = CoreClient::from_provider_metadata(
        known.metadata.clone(),
        ClientId::new(client.id.clone()),
        secret,
    )
    .set_redirect_uri(redirect)
    .set_auth_type(auth_type(known));
    Ok(made)
}

/// How the secret is sent: in the header, unless the provider takes it in the body alone.
fn auth_type(known: &Known) -> AuthType {
    let methods = known.metadata.token_endpoint_auth_methods_supported();
    let takes = |method| methods.is_none_or(|methods| methods.contains(&method));
    match takes(CoreClientAuthMethod::ClientSecretBasic) {
        true => AuthType::BasicAuth,
        false => AuthType::RequestBody,
    }
}
