//! What a provider says of somebody, after its signature was found to be good.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::Trouble;

/// The claims of a token that was verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims(Map<String, Value>);

impl Claims {
    /// Reads the payload of a token whose signature the caller has verified.
    pub(crate) fn of_verified(token: &str) -> Result<Self, Trouble> {
        let garbled = || Trouble::Refused("the token's payload cannot be read".to_owned());
        let payload = token.split('.').nth(1).ok_or_else(garbled)?;
        let bytes = URL_SAFE_NO_PAD.decode(payload).map_err(|_| garbled())?;
        serde_json::from_slice(&bytes).map(Self).map_err(|_| garbled())
    }

    /// What is claimed, before anybody has looked whether it is true.
    pub(crate) fn unverified(token: &str) -> Option<Self> {
        Self::of_verified(token).ok()
    }

    /// A claim that is a text or a number, as text.
    pub fn text(&self, claim: &str) -> Option<String> {
        match self.0.get(claim)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// Says whether a claim is this value, or a list that holds it.
    pub fn has(&self, claim: &str, value: &str) -> bool {
        match self.0.get(claim) {
            Some(Value::Array(items)) => items.iter().any(|item| item.as_str() == Some(value)),
            Some(Value::String(text)) => text == value,
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => {
                false
            }
        }
    }

    /// Says whether a claim is true, also where a provider writes that as a text.
    pub fn is_true(&self, claim: &str) -> bool {
        match self.0.get(claim) {
            Some(Value::Bool(value)) => *value,
            Some(Value::String(text)) => text == "true",
            Some(Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_)) | None => {
                false
            }
        }
    }

    /// A claim that is a moment, in seconds since 1970.
    pub fn seconds(&self, claim: &str) -> Option<i64> {
        self.0.get(claim)?.as_i64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(json: &Value) -> Claims {
        let payload = URL_SAFE_NO_PAD.encode(json.to_string());
        Claims::of_verified(&format!("e30.{payload}.x")).expect("claims")
    }

    #[test]
    fn claims_are_read_as_providers_write_them() {
        let said = claims(&serde_json::json!({
            "groups": ["staff", "ops"], "role": "staff", "email_verified": "true", "project_id": 7,
        }));
        assert!(
            said.has("groups", "ops")
                && said.has("role", "staff")
                && said.is_true("email_verified")
        );
        assert!(!said.has("groups", "staf") && !said.has("nothing", "x") && !said.is_true("role"));
        assert_eq!(said.text("project_id").as_deref(), Some("7"));
        assert_eq!(said.text("groups"), None);
    }

    #[test]
    fn what_is_no_token_has_no_claims() {
        for token in ["", "a", "a.b", "a.%%.c", "a.bm90IGpzb24.c"] {
            assert!(Claims::of_verified(token).is_err(), "{token}");
        }
    }
}
