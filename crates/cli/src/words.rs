//! Names of the record's states as people read them: the same words as in JSON, with spaces.

use serde::Serialize;

/// The name of a plain variant, such as `in-force` as `in force`.
pub(crate) fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name.replace('-', " "),
        Ok(_) | Err(_) => String::new(),
    }
}
