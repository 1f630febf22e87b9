//! Whom a message is for: what a browser gave when somebody said yes.

use std::net::IpAddr;

use p256::PublicKey;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::base64url;

/// The longest endpoint in characters.
const LONGEST_ENDPOINT: usize = 2_048;

/// Bytes of a point that is not compressed.
const POINT_BYTES: usize = 65;

/// Where messages may be sent to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Endpoints {
    /// Only by `https`.
    #[default]
    Https,
    /// Also by `http` to this machine: for tests and drills.
    HttpsOrLoopback,
}

/// What `PushSubscription.toJSON()` gives, before anybody looked at it:
/// `{"endpoint": "https://…", "expirationTime": null, "keys": {"p256dh": "…", "auth": "…"}}`.
///
/// `expirationTime` and whatever else comes is passed over: a service says itself when a subscription is gone.
#[derive(Clone, Deserialize, Serialize)]
pub struct SubscriptionForm {
    endpoint: String,
    keys: Keys,
}

#[derive(Clone, Deserialize, Serialize, Zeroize, ZeroizeOnDrop)]
struct Keys {
    p256dh: String,
    auth: String,
}

/// A browser that messages may be pushed to, with the keys that only it and we know.
///
/// Serializes to the form that it came in, secrets included: seal it before it is kept. What is read back is looked at again, and
/// only `https` is taken; loopback goes through [`SubscriptionForm::check`].
#[derive(Clone, Deserialize, Serialize)]
#[serde(try_from = "SubscriptionForm", into = "SubscriptionForm")]
pub struct Subscription {
    endpoint: Url,
    p256dh: PublicKey,
    auth: Zeroizing<[u8; 16]>,
}

/// Why a form is no subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubscriptionError {
    /// Longer than any service makes it.
    #[error("the endpoint has more than {LONGEST_ENDPOINT} characters")]
    EndpointTooLong,
    /// No absolute address with a host.
    #[error("the endpoint is no address; it must be one that begins with `https://`")]
    EndpointNotAnAddress,
    /// Anybody could read along who is told something.
    #[error("the endpoint is not `https`")]
    EndpointNotHttps,
    /// A name or a password stands before the host.
    #[error("the endpoint holds a name or a password, which no push service gives")]
    EndpointHasUser,
    /// No base64url.
    #[error("`p256dh` is no base64url")]
    PointNotBase64,
    /// No 65 bytes that begin with 4.
    #[error(
        "`p256dh` is no uncompressed point; it must have {POINT_BYTES} bytes that begin with 4"
    )]
    PointNotUncompressed,
    /// Nobody has a secret for it, or somebody tries to learn ours.
    #[error("`p256dh` is no point of the curve P-256")]
    PointNotOnCurve,
    /// No base64url.
    #[error("`auth` is no base64url")]
    AuthNotBase64,
    /// RFC 8291, section 3.2.
    #[error("`auth` does not have 16 bytes")]
    AuthNotSixteen,
}

impl SubscriptionForm {
    /// Looks at everything.
    ///
    /// # Errors
    /// One for each fault; the first is said.
    pub fn check(&self, endpoints: Endpoints) -> Result<Subscription, SubscriptionError> {
        let endpoint = endpoint(&self.endpoint, endpoints)?;
        let p256dh = base64url::read(&self.keys.p256dh).ok_or(SubscriptionError::PointNotBase64)?;
        if p256dh.len() != POINT_BYTES || p256dh.first() != Some(&4) {
            return Err(SubscriptionError::PointNotUncompressed);
        }
        let p256dh =
            PublicKey::from_sec1_bytes(&p256dh).map_err(|_| SubscriptionError::PointNotOnCurve)?;
        let auth = base64url::read(&self.keys.auth).ok_or(SubscriptionError::AuthNotBase64)?;
        let auth = Zeroizing::new(auth);
        let auth = auth.as_slice().try_into().map_err(|_| SubscriptionError::AuthNotSixteen)?;
        Ok(Subscription { endpoint, p256dh, auth: Zeroizing::new(auth) })
    }
}

impl Subscription {
    /// Where messages go. Whoever knows it may try to push: it is a secret like the keys.
    #[must_use]
    pub fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// The host of the endpoint, which may be shown: whose push service it is.
    #[must_use]
    pub fn host(&self) -> &str {
        self.endpoint.host_str().unwrap_or_default()
    }

    pub(crate) fn p256dh(&self) -> &PublicKey {
        &self.p256dh
    }

    pub(crate) fn auth(&self) -> &[u8; 16] {
        &self.auth
    }
}

impl TryFrom<SubscriptionForm> for Subscription {
    type Error = SubscriptionError;

    fn try_from(form: SubscriptionForm) -> Result<Self, SubscriptionError> {
        form.check(Endpoints::Https)
    }
}

impl From<Subscription> for SubscriptionForm {
    fn from(given: Subscription) -> Self {
        let p256dh = base64url::write(given.p256dh.to_sec1_bytes());
        let keys = Keys { p256dh, auth: base64url::write(given.auth.as_slice()) };
        Self { endpoint: given.endpoint.into(), keys }
    }
}

impl std::fmt::Debug for SubscriptionForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubscriptionForm").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription").field("host", &self.host()).finish_non_exhaustive()
    }
}

fn endpoint(text: &str, endpoints: Endpoints) -> Result<Url, SubscriptionError> {
    if text.chars().count() > LONGEST_ENDPOINT {
        return Err(SubscriptionError::EndpointTooLong);
    }
    // The parser would pass over these silently, and what is kept would not be what was given.
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(SubscriptionError::EndpointNotAnAddress);
    }
    let url = Url::parse(text).map_err(|_| SubscriptionError::EndpointNotAnAddress)?;
    let Some(host) = url.host_str() else { return Err(SubscriptionError::EndpointNotHttps) };
    let loopback = || endpoints == Endpoints::HttpsOrLoopback && is_loopback(host);
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback()) {
        return Err(SubscriptionError::EndpointNotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(SubscriptionError::EndpointHasUser);
    }
    // Escapes make it longer.
    if url.as_str().len() > LONGEST_ENDPOINT {
        return Err(SubscriptionError::EndpointTooLong);
    }
    Ok(url)
}

/// Names but `localhost` are not looked up: what they lead to may change.
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const POINT: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    fn form(endpoint: &str, p256dh: &str, auth: &str) -> Value {
        json!({"endpoint": endpoint, "expirationTime": null, "keys": {"p256dh": p256dh, "auth": auth}})
    }

    fn check(form: Value, endpoints: Endpoints) -> Result<Subscription, SubscriptionError> {
        serde_json::from_value::<SubscriptionForm>(form).expect("a form").check(endpoints)
    }

    fn fault_of(endpoint: &str, endpoints: Endpoints) -> Option<SubscriptionError> {
        check(form(endpoint, POINT, AUTH), endpoints).err()
    }

    #[test]
    fn what_a_browser_gives_comes_back_from_where_it_is_kept() {
        let given = form("https://push.example.org/p/canary?a=b", POINT, AUTH);
        let read: Subscription = serde_json::from_value(given).expect("a subscription");
        let kept = serde_json::to_value(&read).expect("JSON");
        assert_eq!(kept["endpoint"], "https://push.example.org/p/canary?a=b");
        assert_eq!((&kept["keys"]["p256dh"], &kept["keys"]["auth"]), (&json!(POINT), &json!(AUTH)));
        let again: Subscription = serde_json::from_value(kept).expect("a subscription");
        assert_eq!(again.auth(), read.auth());
        assert_eq!(format!("{again:?}"), r#"Subscription { host: "push.example.org", .. }"#);
    }

    #[test]
    fn padding_is_as_good_as_none() {
        let padded = form("https://push.example.org", &format!("{POINT}="), &format!("{AUTH}=="));
        assert_eq!(check(padded, Endpoints::Https).map(|it| *it.auth).ok(), {
            let bytes = base64url::read(AUTH).expect("base64url");
            bytes.try_into().ok()
        });
    }

    #[test]
    fn only_https_is_taken_and_loopback_where_it_is_asked_for() {
        use SubscriptionError::EndpointNotHttps;
        for strange in ["http://push.example.org/", "ftp://push.example.org/", "data:text/plain,a"]
        {
            for endpoints in [Endpoints::Https, Endpoints::HttpsOrLoopback] {
                assert_eq!(fault_of(strange, endpoints), Some(EndpointNotHttps), "{strange}");
            }
        }
        for near in
            ["http://127.0.0.1:81/", "http://localhost/", "http://[::1]:8/", "http://127.1/"]
        {
            assert_eq!(fault_of(near, Endpoints::Https), Some(EndpointNotHttps), "{near}");
            assert_eq!(fault_of(near, Endpoints::HttpsOrLoopback), None, "{near}");
        }
        for far in ["http://localhost.example.org/", "http://10.0.0.1/", "http://128.0.0.1/"] {
            assert_eq!(fault_of(far, Endpoints::HttpsOrLoopback), Some(EndpointNotHttps), "{far}");
        }
        // What was kept is read as strictly as what a stranger gives.
        let near = form("http://127.0.0.1/", POINT, AUTH);
        assert!(serde_json::from_value::<Subscription>(near).is_err());
    }

    #[test]
    fn strange_endpoints_are_refused() {
        use SubscriptionError::{EndpointHasUser, EndpointNotAnAddress, EndpointTooLong};
        let of = |endpoint: &str| fault_of(endpoint, Endpoints::Https);
        for user in ["https://a@push.example.org/", "https://:b@push.example.org/"] {
            assert_eq!(of(user), Some(EndpointHasUser), "{user}");
        }
        for odd in ["", "push", "/push", "https://", "https://a b/", "https://a/\n", " https://a/"]
        {
            assert_eq!(of(odd), Some(EndpointNotAnAddress), "{odd:?}");
        }
        let long = |length: usize, with: &str| {
            let begin = "https://push.example.org/";
            format!("{begin}{}", with.repeat(length - begin.len()))
        };
        assert_eq!(of(&long(2_048, "a")), None);
        assert_eq!(of(&long(2_049, "a")), Some(EndpointTooLong));
        // Each of these characters is six when it is sent.
        assert_eq!(of(&long(1_000, "ä")), Some(EndpointTooLong));
    }

    #[test]
    fn strange_keys_are_refused() {
        use SubscriptionError as E;
        let of = |point: &str, auth: &str| {
            check(form("https://push.example.org/", point, auth), Endpoints::Https).err()
        };
        let point = base64url::read(POINT).expect("base64url");
        let changed = |at: usize, to: u8| {
            let mut bytes = point.clone();
            bytes[at] = to;
            base64url::write(bytes)
        };
        assert_eq!(of("canary*", AUTH), Some(E::PointNotBase64));
        assert_eq!(of("", AUTH), Some(E::PointNotUncompressed));
        assert_eq!(of(&base64url::write(&point[..64]), AUTH), Some(E::PointNotUncompressed));
        assert_eq!(of(&changed(0, 6), AUTH), Some(E::PointNotUncompressed));
        assert_eq!(of(&base64url::write([0]), AUTH), Some(E::PointNotUncompressed));
        assert_eq!(of(&changed(64, 0), AUTH), Some(E::PointNotOnCurve));
        assert_eq!(of(POINT, "BTBZMqHH6r4Tts7J/aSIgg"), Some(E::AuthNotBase64));
        assert_eq!(of(POINT, "BTBZMqHH6r4Tts7J_aSIgg=a"), Some(E::AuthNotBase64));
        assert_eq!(of(POINT, &base64url::write([0; 15])), Some(E::AuthNotSixteen));
        assert_eq!(of(POINT, &base64url::write([0; 17])), Some(E::AuthNotSixteen));
    }

    #[test]
    fn no_error_shows_what_was_given() {
        let bad = form("https://canary@push.example.org/", POINT, AUTH);
        let read: SubscriptionForm = serde_json::from_value(bad.clone()).expect("a form");
        assert_eq!(format!("{read:?}"), "SubscriptionForm { .. }");
        let error = serde_json::from_value::<Subscription>(bad).expect_err("a fault");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}
