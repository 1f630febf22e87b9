//! Real servers, which the variables name: `COUNCIL_TEST_OPENBAO` and `COUNCIL_TEST_VAULT` hold addresses, the same with
//! `_TOKEN` a token that may do everything, and those with `_SEALED` the address of a server that nobody has unsealed.
//!
//! Everything is done in mounts with names of their own, which are taken away at the end.

use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use systems::secrets::vault::{Vault, VaultError};

use super::suite::{Place, client, demand, fields};
use crate::tools::variable;

#[tokio::test]
async fn the_real_openbao_answers() {
    let Some(address) = variable("COUNCIL_TEST_OPENBAO") else { return };
    let Some(token) = variable("COUNCIL_TEST_OPENBAO_TOKEN") else { return };
    all(&address, token.into(), true).await;
}

#[tokio::test]
async fn the_real_vault_answers() {
    let Some(address) = variable("COUNCIL_TEST_VAULT") else { return };
    let Some(token) = variable("COUNCIL_TEST_VAULT_TOKEN") else { return };
    all(&address, token.into(), false).await;
}

#[tokio::test]
async fn a_real_openbao_that_is_sealed_says_so() {
    let Some(address) = variable("COUNCIL_TEST_OPENBAO_SEALED") else { return };
    sealed(&address).await;
}

#[tokio::test]
async fn a_real_vault_that_is_sealed_says_so() {
    let Some(address) = variable("COUNCIL_TEST_VAULT_SEALED") else { return };
    sealed(&address).await;
}

async fn all(address: &str, token: SecretString, has_namespaces: bool) {
    let place = set_up(address, token, has_namespaces).await;
    demand(&place).await;
    for mount in [&place.kv, &place.transit] {
        place.meddle(Method::DELETE, &format!("sys/mounts/{mount}"), json!({})).await;
    }
}

/// Mounts, a role, a policy and tokens of the demands' own.
async fn set_up(address: &str, token: SecretString, has_namespaces: bool) -> Place {
    let own = format!("council-{}", jiff::Timestamp::now().as_nanosecond());
    let mut place = Place {
        address: address.trim_end_matches('/').to_owned(),
        token,
        limited: SecretString::default(),
        expired: SecretString::default(),
        role: (String::new(), SecretString::default()),
        kv: format!("{own}/kv"),
        transit: format!("{own}/transit"),
        namespace: None,
    };
    let post = async |path: &str, body: Value| place.meddle(Method::POST, path, body).await;
    let store = json!({ "type": "kv", "options": {"version": "2"} });
    post(&format!("sys/mounts/{}", place.kv), store.clone()).await;
    post(&format!("sys/mounts/{}", place.transit), json!({ "type": "transit" })).await;
    post(&format!("{}/keys/council", place.transit), json!({})).await;
    let looks = format!("path \"{}/metadata/*\" {{ capabilities = [\"read\"] }}", place.kv);
    post(&format!("sys/policies/acl/{own}-looks"), json!({ "policy": looks })).await;
    let writes = format!(
        "path \"{}/data/*\" {{ capabilities = [\"create\", \"update\", \"read\"] }}",
        place.kv
    );
    post(&format!("sys/policies/acl/{own}-writes"), json!({ "policy": writes })).await;
    let made = async |ttl: &str| {
        let body = json!({ "policies": [format!("{own}-looks")], "ttl": ttl });
        let auth = post("auth/token/create", body).await;
        SecretString::from(auth["auth"]["client_token"].as_str().unwrap())
    };
    let (limited, expired) = (made("1h").await, made("1s").await);
    let role = approle(&place, &own).await;
    if has_namespaces {
        place.meddle(Method::POST, &format!("sys/namespaces/{own}-ns"), json!({})).await;
        place.meddle(Method::POST, &format!("{own}-ns/sys/mounts/{}", place.kv), store).await;
    }
    let namespace = has_namespaces.then(|| format!("{own}-ns"));
    place = Place { limited, expired, role, namespace, ..place };
    wait_until_ready(&place).await;
    place
}

async fn approle(place: &Place, own: &str) -> (String, SecretString) {
    let post = async |path: &str, body: Value| place.meddle(Method::POST, path, body).await;
    let there = place.meddle(Method::GET, "sys/auth", Value::Null).await;
    if there["approle/"].is_null() {
        post("sys/auth/approle", json!({ "type": "approle" })).await;
    }
    let role = format!("auth/approle/role/{own}");
    post(&role, json!({ "token_policies": [format!("{own}-writes")] })).await;
    let id = place.meddle(Method::GET, &format!("{role}/role-id"), Value::Null).await;
    let secret = post(&format!("{role}/secret-id"), json!({})).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&id["data"]["role_id"]), text(&secret["data"]["secret_id"]).into())
}

/// A new key-value store takes no requests for a moment, and the short token must have run out.
async fn wait_until_ready(place: &Place) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let root = Vault::new(client(), &place.address, place.token.clone());
    let short = Vault::new(client(), &place.address, place.expired.clone());
    loop {
        let first = root.metadata(&place.kv, "x").await;
        let inside = match &place.namespace {
            Some(namespace) => root.clone().in_namespace(namespace).metadata(&place.kv, "x").await,
            None => root.metadata(&place.kv, "x").await,
        };
        let ran_out = short.metadata(&place.kv, "x").await;
        let is_ready = matches!(first, Err(VaultError::NotFound(_)))
            && matches!(inside, Err(VaultError::NotFound(_)))
            && matches!(ran_out, Err(VaultError::Denied { .. }));
        if is_ready {
            return;
        }
        assert!(std::time::Instant::now() < deadline, "{first:?} {inside:?} {ran_out:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Not set up, and then set up and sealed, say the same to our client. A server that was set up by an earlier run is sealed.
async fn sealed(address: &str) {
    let address = address.trim_end_matches('/');
    let vault = Vault::new(client(), address, "canary".into());
    let all_say_so = async || {
        for error in [
            vault.read("kv", "a").await.unwrap_err(),
            vault.metadata("kv", "a").await.unwrap_err(),
            vault.write(("kv", "a"), &fields(&[]), 0).await.unwrap_err(),
            vault.decrypt(("transit", "a"), "vault:v1:x").await.unwrap_err(),
            Vault::sign_in(client(), address, "a", &"b".into()).await.unwrap_err(),
        ] {
            assert!(matches!(error, VaultError::Sealed(_)), "{error:?}");
        }
    };
    all_say_so().await;
    let body = json!({ "secret_shares": 1, "secret_threshold": 1 });
    let set_up = client().put(format!("{address}/v1/sys/init")).json(&body).send().await.unwrap();
    assert!([200, 400].contains(&set_up.status().as_u16()), "{}", set_up.status());
    all_say_so().await;
}
