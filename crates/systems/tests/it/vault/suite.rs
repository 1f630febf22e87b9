//! What every Vault and OpenBao must do with our client: the emulator always, a real server where a variable names one.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Method};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use systems::secrets::vault::{Vault, VaultError};

/// A server that is set up for the demands.
pub(super) struct Place {
    pub(super) address: String,
    /// May do everything.
    pub(super) token: SecretString,
    /// May read metadata of the key-value store, and no value.
    pub(super) limited: SecretString,
    /// Was good once.
    pub(super) expired: SecretString,
    /// The role and secret of an AppRole.
    pub(super) role: (String, SecretString),
    /// The mount of a key-value store, version 2.
    pub(super) kv: String,
    /// The mount of transit, with the key `council`.
    pub(super) transit: String,
    /// A namespace with a key-value store of the same name; none where the server knows none.
    pub(super) namespace: Option<String>,
}

pub(super) fn client() -> Client {
    // A second test of the same process finds it installed already.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().no_proxy().build().unwrap()
}

pub(super) fn fields(all: &[(&str, &str)]) -> BTreeMap<String, SecretString> {
    all.iter().map(|(field, value)| ((*field).to_owned(), SecretString::from(*value))).collect()
}

impl Place {
    fn vault(&self) -> Vault {
        Vault::new(client(), &self.address, self.token.clone())
    }

    /// Does what our client never does.
    pub(super) async fn meddle(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}/v1/{path}", self.address);
        let request = client().request(method, url).json(&body);
        let answer = request.header("X-Vault-Token", self.token.expose_secret()).send().await;
        let answer = answer.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }
}

/// All demands, one after the other.
pub(super) async fn demand(place: &Place) {
    a_secret_is_written_read_and_dated(place).await;
    values_that_are_no_text_are_json(place).await;
    what_was_deleted_or_never_written_has_no_age(place).await;
    strange_names_are_names_and_none_leads_elsewhere(place).await;
    transit_seals_and_opens(place).await;
    a_role_signs_in(place).await;
    tokens_that_are_not_good_are_denied(place).await;
    a_namespace_is_a_world_of_its_own(place).await;
}

async fn a_secret_is_written_read_and_dated(place: &Place) {
    let (vault, kv) = (place.vault(), place.kv.as_str());
    let secret = (kv, "checkout/orders-db");
    for missing in [
        vault.read(kv, secret.1).await.unwrap_err(),
        vault.metadata(kv, secret.1).await.unwrap_err(),
        vault.read("no-such-mount", "x").await.unwrap_err(),
        vault.metadata("no-such-mount", "x").await.unwrap_err(),
    ] {
        assert!(matches!(missing, VaultError::NotFound(_)), "{missing:?}");
    }
    assert_eq!(vault.write(secret, &fields(&[("password", "canary-1")]), 0).await.unwrap(), 1);
    let first = vault.metadata(kv, secret.1).await.unwrap();
    let late = vault.write(secret, &fields(&[("password", "canary-2")]), 0).await.unwrap_err();
    assert!(matches!(late, VaultError::Conflict(_)), "{late:?}");
    assert_eq!(vault.write(secret, &fields(&[("password", "canary-2")]), 1).await.unwrap(), 2);
    let found = vault.read(kv, secret.1).await.unwrap();
    assert_eq!(found.fields["password"].expose_secret(), "canary-2");
    assert_eq!(found.version, 2);
    let metadata = vault.metadata(kv, secret.1).await.unwrap();
    assert_eq!((metadata.version, metadata.rotated), (2, found.written));
    assert!(metadata.rotated > first.rotated, "the age is that of the newest version");
    let age = Timestamp::now().duration_since(metadata.rotated).abs();
    assert!(age < SignedDuration::from_mins(5), "{age}");
    assert!(!format!("{found:?} {vault:?} {late} {late:?}").contains("canary"));
}

/// Numbers up to what every reader of JSON keeps: a real server stores larger ones as floating point.
async fn values_that_are_no_text_are_json(place: &Place) {
    let body = json!({"data": {"port": 5432, "big": 9_007_199_254_740_991_u64, "on": true, "none": null, "list": ["a"]}});
    place.meddle(Method::POST, &format!("{}/data/typed", place.kv), body).await;
    let found = place.vault().read(&place.kv, "typed").await.unwrap();
    let values: Vec<_> =
        found.fields.iter().map(|(name, it)| (name.as_str(), it.expose_secret())).collect();
    let expected = [
        ("big", "9007199254740991"),
        ("list", "[\"a\"]"),
        ("none", "null"),
        ("on", "true"),
        ("port", "5432"),
    ];
    assert_eq!(values, expected);
}

async fn what_was_deleted_or_never_written_has_no_age(place: &Place) {
    let (vault, kv) = (place.vault(), place.kv.as_str());
    let gone = async |name: &str| {
        let read = vault.read(kv, name).await.unwrap_err();
        assert!(matches!(read, VaultError::NotFound(_)), "{name}: {read:?}");
        let dated = vault.metadata(kv, name).await;
        assert!(matches!(dated, Err(VaultError::NotFound(_))), "{name}: {dated:?}");
    };
    assert_eq!(vault.write((kv, "deleted"), &fields(&[("a", "b")]), 0).await.unwrap(), 1);
    place.meddle(Method::DELETE, &format!("{kv}/data/deleted"), Value::Null).await;
    gone("deleted").await;
    // Versions are counted on over a grave.
    let late = vault.write((kv, "deleted"), &fields(&[("a", "c")]), 0).await.unwrap_err();
    assert!(matches!(late, VaultError::Conflict(_)), "{late:?}");
    assert_eq!(vault.write((kv, "deleted"), &fields(&[("a", "c")]), 1).await.unwrap(), 2);
    assert_eq!(vault.metadata(kv, "deleted").await.unwrap().version, 2);
    let destroy = format!("{kv}/destroy/deleted");
    place.meddle(Method::POST, &destroy, json!({ "versions": [2] })).await;
    gone("deleted").await;
    let notes = json!({ "custom_metadata": {"owner": "team"} });
    place.meddle(Method::POST, &format!("{kv}/metadata/planned"), notes).await;
    gone("planned").await;
    assert_eq!(vault.write((kv, "planned"), &fields(&[("a", "b")]), 0).await.unwrap(), 1);
}

async fn strange_names_are_names_and_none_leads_elsewhere(place: &Place) {
    let (vault, kv) = (place.vault(), place.kv.as_str());
    for name in ["team a/db?x=1#y", "größe/50%", "a..b/.hidden", "x%2e%2e/y"] {
        let written = vault.write((kv, name), &fields(&[("name", name)]), 0).await;
        assert_eq!(written.unwrap_or_else(|error| panic!("{name}: {error:?}")), 1, "{name}");
        let found = vault.read(kv, name).await.unwrap();
        assert_eq!(found.fields["name"].expose_secret(), name);
    }
    for name in ["../../sys/seal-status", "a/../../sys/x", "..", "a/..", "./a", "a/./b", ""] {
        let refused = vault.read(kv, name).await.unwrap_err();
        assert!(matches!(refused, VaultError::NoPath(_)), "{name}: {refused:?}");
        let refused = vault.metadata(kv, name).await.unwrap_err();
        assert!(matches!(refused, VaultError::NoPath(_)), "{name}: {refused:?}");
        let refused = vault.write((kv, name), &fields(&[]), 0).await.unwrap_err();
        assert!(matches!(refused, VaultError::NoPath(_)), "{name}: {refused:?}");
    }
    let key = vault.encrypt((&place.transit, "../keys/x"), &"canary".into()).await.unwrap_err();
    assert!(matches!(key, VaultError::NoPath(_)), "{key:?}");
}

async fn transit_seals_and_opens(place: &Place) {
    let (vault, transit) = (place.vault(), place.transit.as_str());
    let key = (transit, "council");
    let mut sealed = Vec::new();
    for plain in ["canary", "", "größer\n\u{1f512}"] {
        let text = vault.encrypt(key, &plain.into()).await.unwrap();
        assert!(text.starts_with("vault:v1:"), "{text}");
        assert_eq!(vault.decrypt(key, &text).await.unwrap().expose_secret(), plain);
        sealed.push(text);
    }
    // What was sealed before the key was rotated opens afterwards.
    place.meddle(Method::POST, &format!("{transit}/keys/council/rotate"), json!({})).await;
    let younger = vault.encrypt(key, &"canary".into()).await.unwrap();
    assert!(younger.starts_with("vault:v2:"), "{younger}");
    assert_eq!(vault.decrypt(key, &sealed[0]).await.unwrap().expose_secret(), "canary");
    let refused = vault.decrypt(key, "nonsense").await.unwrap_err();
    let said = refused.to_string();
    assert!(matches!(refused, VaultError::Refused { status: 400, .. }), "{refused:?}");
    assert!(said.contains("invalid ciphertext"), "{said}");
    let unknown = vault.decrypt((transit, "no-such-key"), &sealed[0]).await.unwrap_err();
    assert!(unknown.to_string().contains("encryption key not found"), "{unknown:?}");
}

async fn a_role_signs_in(place: &Place) {
    let (role, secret) = &place.role;
    let vault = Vault::sign_in(client(), &place.address, role, secret).await.unwrap();
    let written = vault.write((&place.kv, "by-role"), &fields(&[("x", "y")]), 0).await;
    assert_eq!(written.unwrap(), 1);
    for (role, secret) in [(role.as_str(), "canary-other".into()), ("canary", secret.clone())] {
        let refused = Vault::sign_in(client(), &place.address, role, &secret).await.unwrap_err();
        let said = format!("{refused} {refused:?}");
        assert!(said.contains("invalid role"), "{said}");
        assert!(!said.contains(secret.expose_secret()), "{said}");
    }
}

async fn tokens_that_are_not_good_are_denied(place: &Place) {
    let kv = place.kv.as_str();
    let written = place.vault().write((kv, "guarded"), &fields(&[("a", "canary")]), 0).await;
    assert_eq!(written.unwrap(), 1);
    let with = |token: &SecretString| Vault::new(client(), &place.address, token.clone());
    let (nobody, stranger) = (SecretString::default(), SecretString::from("canary-wrong"));
    for token in [&nobody, &stranger, &place.expired] {
        for denied in [
            with(token).read(kv, "guarded").await.unwrap_err(),
            with(token).metadata(kv, "guarded").await.unwrap_err(),
            with(token).write((kv, "guarded"), &fields(&[]), 1).await.unwrap_err(),
            with(token).encrypt((&place.transit, "council"), &"x".into()).await.unwrap_err(),
        ] {
            assert!(matches!(denied, VaultError::Denied { .. }), "{denied:?}");
            assert!(!format!("{denied} {denied:?}").contains("canary"), "{denied:?}");
        }
    }
    let limited = with(&place.limited);
    assert_eq!(limited.metadata(kv, "guarded").await.unwrap().version, 1);
    let denied = limited.read(kv, "guarded").await.unwrap_err();
    assert!(matches!(denied, VaultError::Denied { .. }), "{denied:?}");
    // Where nothing is, a token that may not look learns nothing, either.
    let denied = limited.read(kv, "no-such-secret").await.unwrap_err();
    assert!(matches!(denied, VaultError::Denied { .. }), "{denied:?}");
}

async fn a_namespace_is_a_world_of_its_own(place: &Place) {
    let Some(namespace) = &place.namespace else { return };
    let inside = place.vault().in_namespace(namespace);
    let secret = (place.kv.as_str(), "only-inside");
    assert_eq!(inside.write(secret, &fields(&[("a", "b")]), 0).await.unwrap(), 1);
    assert_eq!(inside.metadata(secret.0, secret.1).await.unwrap().version, 1);
    let outside = place.vault().read(secret.0, secret.1).await.unwrap_err();
    assert!(matches!(outside, VaultError::NotFound(_)), "{outside:?}");
}
