//! People who sign in by a provider: there, back again, and which person of the playbook they are.

use jiff::SignedDuration;
use jiff::civil::Date;
use oidc::{Attempt, Claims, Client, Returned};
use org::kinds::{HasClaim, IdentityProvider, Person, PersonBy};
use playbook::{Model, Typed};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

use super::unbelieved;
use crate::AppState;
use crate::auth::secret::Secret;
use crate::auth::session::{self, SignedIn};
use crate::http::{Peer, Problem};
use crate::limits::ATTEMPT_LIFE;
use crate::store::AttemptRow;

/// A provider that the sign-in page offers.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Offer {
    /// Its name in the playbook.
    pub(crate) name: String,
    /// The name that people read.
    pub(crate) title: String,
}

/// What the browser brought back from a provider.
pub(crate) struct Brought<'b> {
    /// The code.
    pub(crate) code: &'b str,
    /// The state, which the browser had kept.
    pub(crate) state: &'b Secret,
    /// Who says to have sent it.
    pub(crate) issuer: Option<&'b str>,
}

/// A sign-in that has begun.
pub(crate) struct Begun {
    /// Where to send the browser.
    pub(crate) address: String,
    /// What the browser keeps, so that nobody else's sign-in can be brought back in it.
    pub(crate) state: Secret,
}

impl AppState {
    /// The providers by which people can sign in, by name.
    pub(crate) fn offers(&self) -> Vec<Offer> {
        let snapshot = self.snapshot();
        let people = snapshot.model().all::<IdentityProvider>().filter(|it| it.client.is_some());
        people
            .map(|it| Offer { name: it.name().to_owned(), title: it.title().to_owned() })
            .collect()
    }

    /// Sends somebody to a provider; `anew` wants them to prove again who they are.
    pub(crate) async fn begin_sign_in(
        &self,
        peer: Peer,
        name: &str,
        back: &str,
        anew: bool,
    ) -> Result<Begun, Problem> {
        session::limit(self, peer)?;
        let (declared, client) = self.declared(name)?;
        let now = self.clock().now();
        let provider = self.providers().of(&declared, self.straight_client())?;
        let begun = provider.begin(&client, anew, now).await.map_err(|it| unbelieved(&it))?;
        let Attempt { state, nonce, verifier, anew } = begun.attempt;
        let state = Secret::presented(state.expose_secret());
        let row = AttemptRow {
            provider: name.to_owned(),
            nonce: nonce.expose_secret().to_owned(),
            verifier: verifier.expose_secret().to_owned(),
            back: back.to_owned(),
            anew,
        };
        let life = SignedDuration::try_from(ATTEMPT_LIFE).expect("BUG: minutes fit");
        if !self.store().add_attempt(state.digest(), &row, now, now + life)? {
            return Err(Problem::unavailable(
                "too-many-sign-ins",
                "Too many people are on their way to their identity provider.",
            ));
        }
        Ok(Begun { address: begun.address, state })
    }

    /// Takes somebody in who comes back from a provider; also says where they wanted to go.
    pub(crate) async fn finish_sign_in(
        &self,
        peer: Peer,
        name: &str,
        brought: &Brought<'_>,
        agent: &str,
    ) -> Result<(SignedIn, String), Problem> {
        session::limit(self, peer)?;
        let Brought { code, state, issuer } = *brought;
        let now = self.clock().now();
        let row = self.store().take_attempt(state.digest(), now)?;
        let row = row.filter(|row| row.provider == name).ok_or_else(ended)?;
        let (declared, client) = self.declared(name)?;
        // One provider's answer at another one's address: somebody mixes them up on purpose.
        if issuer.is_some_and(|issuer| issuer != declared.issuer.value) {
            return Err(ended());
        }
        let provider = self.providers().of(&declared, self.straight_client())?;
        let attempt = Attempt {
            state: SecretString::from(state.expose()),
            nonce: SecretString::from(row.nonce),
            verifier: SecretString::from(row.verifier),
            anew: row.anew,
        };
        let returned =
            Returned { code: SecretString::from(code), state: SecretString::from(state.expose()) };
        let claims = provider.finish(&client, &attempt, &returned, now).await;
        let claims = claims.map_err(|trouble| unbelieved(&trouble))?;
        let snapshot = self.snapshot();
        let person = person_of(snapshot.model(), snapshot.facts.today, &declared, &claims)?;
        let operator = declared.operators.iter().any(|wanted| holds(wanted, &claims));
        let signed_in = session::let_in(self, Some(person), operator, agent)?;
        tracing::info!(provider = name, person = signed_in.person, "vouched for");
        Ok((signed_in, row.back))
    }

    /// A provider for people, and as what we are registered there.
    fn declared(&self, name: &str) -> Result<(IdentityProvider, Client), Problem> {
        let snapshot = self.snapshot();
        let found = snapshot.model().get::<IdentityProvider>(name);
        let known = found.and_then(|found| Some((found, found.client.clone()?)));
        let Some((found, id)) = known else {
            return Err(Problem::not_found(format!("Nobody signs in by `{name}`."))
                .hint("The page `/sign-in` lists by whom one can"));
        };
        let secret = found.secret_from.as_deref().map(|variable| {
            let value = (self.config().variable)(variable);
            value.map(SecretString::from).ok_or_else(|| {
                tracing::error!(variable, provider = name, "the client's secret is not set");
                Problem::unavailable("provider-away", "The identity provider is not set up whole.")
                    .hint("Whoever runs the server finds in its log which variable is missing")
            })
        });
        let client = Client {
            id,
            secret: secret.transpose()?,
            redirect: format!("{}/sign-in/back/{name}", self.origin()),
            scopes: found.scopes.clone(),
        };
        Ok((found.spec.clone(), client))
    }
}

/// The person of the playbook for whom a provider vouches.
fn person_of(
    model: &Model,
    today: Date,
    provider: &IdentityProvider,
    claims: &Claims,
) -> Result<String, Problem> {
    if !provider.enter.is_empty() && !provider.enter.iter().any(|wanted| holds(wanted, claims)) {
        return Err(stranger("You are not in a group that may enter."));
    }
    let found: Vec<&str> = match &provider.person {
        PersonBy::Email => {
            let said = claims.text("email").ok_or_else(|| {
                stranger("The identity provider does not say which e-mail address is yours.")
            })?;
            if !provider.unverified_email && !claims.is_true("email_verified") {
                return Err(stranger(
                    "The identity provider has not verified your e-mail address.",
                ));
            }
            let same = |person: &Typed<'_, Person>| {
                let email = person.email.as_ref();
                email.is_some_and(|email| email.value.to_lowercase() == said.to_lowercase())
            };
            here(model, today).filter(same).map(|person| person.name()).collect()
        }
        PersonBy::Handle { name, claim } => {
            let said = claims.text(claim).ok_or_else(|| {
                stranger("The identity provider does not say by which name you go there.")
            })?;
            let same = |person: &Typed<'_, Person>| {
                person.handles.get(name).is_some_and(|handle| handle.value == said)
            };
            here(model, today).filter(same).map(|person| person.name()).collect()
        }
    };
    match found.as_slice() {
        [one] => Ok((*one).to_owned()),
        [] => Err(stranger("You are not, or no longer, a person of this playbook.")),
        [_, _, ..] => Err(stranger("Several people of the playbook could be you.")),
    }
}

/// Those who have not left.
fn here(model: &Model, today: Date) -> impl Iterator<Item = Typed<'_, Person>> {
    model.all::<Person>().filter(move |person| !person.has_left(today))
}

fn holds(wanted: &HasClaim, claims: &Claims) -> bool {
    claims.has(&wanted.claim, &wanted.has)
}

fn stranger(detail: &str) -> Problem {
    Problem::new(axum::http::StatusCode::FORBIDDEN, "not-a-person", "Not let in", detail)
        .hint("Whoever works here stands in the playbook; ask the owner of `people`")
}

fn ended() -> Problem {
    Problem::new(
        axum::http::StatusCode::GONE,
        "sign-in-ended",
        "The sign-in does not go on",
        "It took longer than ten minutes, was finished before, or began in another browser.",
    )
    .hint("Begin again on the page `/sign-in`")
}
