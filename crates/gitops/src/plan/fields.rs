//! The fields of a file: what it says, leaf by leaf.
//!
//! YAML and JSON become flat names (`vlans.tenants.id`); items of a list that have a `name` go by it, so that one that
//! is put in front does not rename all the others. What cannot be taken apart is compared as a whole, by its digest.

use plan::Fields;
use serde_json::Value;

/// Most leaves of a file; beyond that nobody reads them one by one, and the digest says that it differs.
pub const MAX_FIELDS: usize = 2_000;

/// Longest value shown as a field, in bytes.
const MAX_VALUE: usize = 400;

/// The fields of a file by its name and bytes; none for text without structure.
pub fn file_fields(name: &str, bytes: &[u8]) -> Fields {
    let structured = [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending));
    let text = std::str::from_utf8(bytes).ok().filter(|_| structured);
    let mut fields = Fields::new();
    if let Some(value) = text.and_then(playbook::data) {
        flatten("", &value, &mut fields);
    }
    if fields.len() > MAX_FIELDS {
        fields.clear();
    }
    fields
}

fn flatten(path: &str, value: &Value, fields: &mut Fields) {
    if fields.len() > MAX_FIELDS {
        return;
    }
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                flatten(&join(path, name), member, fields);
            }
        }
        Value::Array(items) if !items.is_empty() && items.iter().all(is_inner) => {
            for (index, item) in items.iter().enumerate() {
                let name = item.get("name").and_then(Value::as_str);
                let name = name.map_or_else(|| index.to_string(), str::to_owned);
                flatten(&join(path, &name), item, fields);
            }
        }
        Value::String(text) if text.len() > MAX_VALUE => {
            let digest = plan::Digest::of(text.as_bytes()).to_string();
            fields.insert(path.to_owned(), Value::String(format!("(long, {digest})")));
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => {
            fields.insert(path.to_owned(), value.clone());
        }
    }
}

/// Lists of plain values are one field: `[eu-1, eu-2]` is read at a glance.
fn is_inner(value: &Value) -> bool {
    value.is_object()
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, expected: &[(&str, &str)]) {
        let fields = file_fields(name, text.as_bytes());
        let seen: Vec<_> =
            fields.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
        let expected: Vec<_> =
            expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn leaves_go_by_their_path_and_items_by_their_name() {
        check(
            "vlans.yaml",
            "vlans:\n- { name: mgmt, id: 10, sites: [eu-1, eu-2] }\n- { name: tenants, id: 30 }\nempty: {}\n",
            &[
                ("empty", "{}"),
                ("vlans.mgmt.id", "10"),
                ("vlans.mgmt.name", "\"mgmt\""),
                ("vlans.mgmt.sites", "[\"eu-1\",\"eu-2\"]"),
                ("vlans.tenants.id", "30"),
                ("vlans.tenants.name", "\"tenants\""),
            ],
        );
    }

    #[test]
    fn text_without_structure_has_no_fields() {
        check("CODEOWNERS", "* @sre\n", &[]);
        check("broken.yaml", "a: [1", &[]);
    }

    #[test]
    fn a_file_with_too_many_leaves_is_compared_as_a_whole() {
        let text: String =
            (0..=MAX_FIELDS).map(|number| format!("k{number}: {number}\n")).collect();
        check("large.yaml", &text, &[]);
    }
}
