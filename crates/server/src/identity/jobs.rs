//! Jobs of pipelines: a token of their own system for a short one of ours.

use jiff::{SignedDuration, Timestamp};
use oidc::Claims;
use org::kinds::{IdentityProvider, Job, ServiceAccount};
use playbook::Typed;

use super::unbelieved;
use crate::AppState;
use crate::auth::operator::NewToken;
use crate::auth::secret::Secret;
use crate::auth::session;
use crate::auth::viewer::of_account;
use crate::http::{Peer, Problem};

/// A token for a job.
pub(crate) struct JobToken {
    /// The secret, shown this once.
    pub(crate) secret: Secret,
    /// Its public name.
    pub(crate) id: String,
    /// When it ends.
    pub(crate) expires: Timestamp,
    /// What it may be used for.
    pub(crate) scopes: Vec<String>,
}

impl AppState {
    /// Gives a job a token of a service account, when a provider vouches that it is one of those that may have it.
    pub(crate) async fn exchange_job_token(
        &self,
        peer: Peer,
        account: &str,
        token: &str,
    ) -> Result<JobToken, Problem> {
        session::limit(self, peer)?;
        let snapshot = self.snapshot();
        let model = snapshot.model();
        let account = account.strip_prefix("service-account/").unwrap_or(account);
        let issuer = oidc::claimed_issuer(token);
        // Which accounts there are, and who vouches for them, is nobody's business who cannot prove whose job they are.
        let found = model.get::<ServiceAccount>(account).ok_or_else(nobody)?;
        let now = self.clock().now();
        let mut vouched = false;
        for job in &found.jobs {
            let Some(provider) = model.get::<IdentityProvider>(job.provider.name()) else {
                continue;
            };
            if Some(&provider.issuer.value) != issuer.as_ref() {
                continue;
            }
            let audience = job.audience.as_deref().unwrap_or(self.origin());
            let known = self.providers().of(provider.spec, self.straight_client())?;
            let claims = match known.vouches(token, audience, now).await {
                Ok(claims) => claims,
                // It may be meant for the audience of another line.
                Err(oidc::Trouble::Refused(why)) => {
                    tracing::info!(account, why, "a job's token is not believed");
                    continue;
                }
                Err(trouble) => return Err(unbelieved(&trouble)),
            };
            vouched = true;
            if missing(job, &claims).is_empty() {
                return self.give(found, &claims, now);
            }
            tracing::info!(account, lacks = missing(job, &claims).join(" "), "another job's token");
        }
        Err(if vouched { another(account) } else { nobody() })
    }

    fn give(
        &self,
        account: Typed<'_, ServiceAccount>,
        claims: &Claims,
        now: Timestamp,
    ) -> Result<JobToken, Problem> {
        let lasts = i64::try_from(account.lasts().as_seconds()).unwrap_or(i64::MAX);
        let job = claims.text("sub").unwrap_or_else(|| "a job".to_owned());
        let new = NewToken {
            person: of_account(account.name()),
            operator: false,
            name: job.chars().take(80).collect(),
            scopes: account.scopes.iter().map(|scope| scope.name().to_owned()).collect(),
            life: SignedDuration::from_secs(lasts),
        };
        let (secret, row) = crate::auth::operator::make_token(self.store(), &new, now)?;
        tracing::info!(account = account.name(), job, token = row.id, "a job was let in");
        Ok(JobToken { secret, id: row.id, expires: row.expires, scopes: row.scopes })
    }
}

/// The claims of a job that a token does not make.
fn missing<'j>(job: &'j Job, claims: &Claims) -> Vec<&'j str> {
    let lacks = job.claims.iter().filter(|(claim, wanted)| {
        let said = claims.text(claim);
        !said.is_some_and(|said| fits(&wanted.value, &said))
    });
    lacks.map(|(claim, _)| claim.as_str()).collect()
}

/// Says whether a value is as it should be; a star stands for any part of it.
fn fits(pattern: &str, value: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| value.strip_prefix(first)) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part).filter(|_| !part.is_empty()) else {
            if part.is_empty() {
                continue;
            }
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

fn nobody() -> Problem {
    Problem::new(
        axum::http::StatusCode::UNAUTHORIZED,
        "not-vouched",
        "Nobody vouches for this",
        "No provider of the playbook vouches that this job may act by that account.",
    )
    .hint("Look at the account's `jobs` in the playbook, and at the token's issuer, audience and time")
}

fn another(account: &str) -> Problem {
    Problem::forbidden(format!(
        "The token is genuine, and its job is not one that may act by `{account}`."
    ))
    .hint("The account's `jobs` in the playbook say which claims a token must make")
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[track_caller]
    fn check(pattern: &str, value: &str, expected: bool) {
        assert_eq!(fits(pattern, value), expected, "{pattern} on {value}");
    }

    #[test]
    fn a_star_stands_for_any_part_and_everything_else_is_exact() {
        check("refs/heads/main", "refs/heads/main", true);
        check("refs/heads/main", "refs/heads/main2", false);
        check("refs/heads/main", "xrefs/heads/main", false);
        check("refs/tags/v*", "refs/tags/v1.2", true);
        check("refs/tags/v*", "refs/heads/v1", false);
        check("repo:example/*:ref:refs/heads/main", "repo:example/a:ref:refs/heads/main", true);
        check("repo:example/*:ref:refs/heads/main", "repo:example/a:ref:refs/heads/x", false);
        check("a*b*c", "a--b--c", true);
        check("a*b*c", "a--c--b", false);
        check("a**b", "a-b", true);
        check("", "", true);
        check("", "x", false);
        check("ab*b", "ab", false);
    }
}
