//! Verifying a token: whose signature, for whom, within its time.

use jiff::Timestamp;
use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm};
use openidconnect::{ClaimsVerificationError, ClientId, Nonce, SignatureVerificationError};

use crate::provider::Known;
use crate::trouble::chain;
use crate::{Claims, Provider, Trouble};

/// The algorithms that are believed: a private key that only the provider has. `none` and those with a shared secret, which
/// whoever knows the client's secret could sign with, are not among them.
const BELIEVED: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// How far the provider's clock may be ahead of ours, in seconds.
const AHEAD: i64 = 60;

/// The longest token that is looked at (16 KiB): group lists make them long, and nothing makes them longer than this.
const LONGEST: usize = 16 << 10;

/// Whose a token claims to be: whom to ask, and nothing to believe.
pub fn claimed_issuer(token: &str) -> Option<String> {
    if token.len() > LONGEST {
        return None;
    }
    Claims::unverified(token)?.text("iss")
}

impl Provider {
    /// Believes a token that the provider made for an audience, without a browser between: what a pipeline's system says of
    /// one of its jobs.
    ///
    /// # Errors
    /// When it is not signed by the provider, not for this audience, or not at this time.
    pub async fn vouches(
        &self,
        token: &str,
        audience: &str,
        now: Timestamp,
    ) -> Result<Claims, Trouble> {
        self.verify(token, audience, None, now).await
    }

    /// Verifies a token, with the nonce that it must repeat when a browser was between.
    pub(crate) async fn verify(
        &self,
        token: &str,
        audience: &str,
        nonce: Option<&Nonce>,
        now: Timestamp,
    ) -> Result<Claims, Trouble> {
        if token.len() > LONGEST {
            return Err(Trouble::Refused(format!("it has more than {LONGEST} bytes")));
        }
        let read: CoreIdToken =
            token.parse().map_err(|_| Trouble::Refused("it is not a signed token".to_owned()))?;
        let known = self.known(now).await?;
        let first = self.check(&read, &known, audience, nonce, now);
        let verified = match first {
            Err(error) if is_unknown_key(&error) => match self.newer_keys(now).await? {
                Some(newer) => self.check(&read, &newer, audience, nonce, now),
                None => Err(error),
            },
            done => done,
        };
        verified.map_err(|error| Trouble::Refused(chain(&error)))?;
        Claims::of_verified(token)
    }

    fn check(
        &self,
        token: &CoreIdToken,
        known: &Known,
        audience: &str,
        nonce: Option<&Nonce>,
        now: Timestamp,
    ) -> Result<(), ClaimsVerificationError> {
        let seconds = now.as_second();
        let moment = move || chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        let verifier = CoreIdTokenVerifier::new_public_client(
            ClientId::new(audience.to_owned()),
            self.issuer().clone(),
            known.keys.clone(),
        )
        .set_allowed_algs(BELIEVED)
        .set_time_fn(moment)
        .set_issue_time_verifier_fn(move |issued| {
            if issued.timestamp() > seconds.saturating_add(AHEAD) {
                return Err("it was issued in the future".to_owned());
            }
            Ok(())
        });
        let repeats = |said: Option<&Nonce>| match (said, nonce) {
            (_, None) => Ok(()),
            (Some(said), Some(nonce)) if said.secret() == nonce.secret() => Ok(()),
            (Some(_), Some(_)) => Err("it is another sign-in's".to_owned()),
            (None, Some(_)) => Err("it is missing".to_owned()),
        };
        token.claims(&verifier, repeats).map(|_| ())
    }
}

fn is_unknown_key(error: &ClaimsVerificationError) -> bool {
    matches!(
        error,
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)
    )
}
