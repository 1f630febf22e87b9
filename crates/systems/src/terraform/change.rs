//! What `show -json` says about a saved plan, format version 1: the changes of resources, before and after.

use std::collections::BTreeSet;

use plan::{Action, Fault, FaultKind, FieldChange, Proposal, ResourceId};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::redact::Redactor;

/// What a plan shows for a value that the provider only knows afterwards.
const LATER: &str = "(known after apply)";

/// A saved plan, as it was shown.
#[derive(Debug, Deserialize)]
pub(super) struct Shown {
    format_version: String,
    #[serde(default)]
    resource_changes: Vec<ResourceChange>,
}

#[derive(Debug, Deserialize)]
struct ResourceChange {
    address: String,
    #[serde(rename = "type")]
    sort: String,
    /// Which of the objects that an interrupted replacement left behind under the same address.
    deposed: Option<String>,
    change: Change,
}

#[derive(Debug, Deserialize)]
struct Change {
    actions: Vec<String>,
    #[serde(default)]
    before: Value,
    #[serde(default)]
    after: Value,
    #[serde(default)]
    after_unknown: Value,
    #[serde(default)]
    before_sensitive: Value,
    #[serde(default)]
    after_sensitive: Value,
}

impl Shown {
    pub(super) fn read(text: &[u8]) -> Result<Self, Fault> {
        let garbage = |why: &str| {
            Fault::new(
                FaultKind::Garbage,
                format!("the saved plan is shown {why}; which version is the program of?"),
            )
        };
        // The reader's own message would repeat what it could not read.
        let shown: Self = serde_json::from_slice(document(text))
            .map_err(|_| garbage("as something of another shape"))?;
        let is_known = |one: &ResourceChange| action(&one.change.actions).is_ok();
        if !shown.format_version.starts_with("1.") || !shown.resource_changes.iter().all(is_known) {
            return Err(garbage("in a format that we do not know"));
        }
        Ok(shown)
    }

    /// The changes as proposals, without those that change nothing. A value that is sensitive in one place is hidden in
    /// every other, too: Terraform marks what goes into a resource and forgets that it comes out again.
    pub(super) fn proposals(&self, target: &str, redactor: &Redactor) -> Vec<Proposal> {
        let mut redactor = redactor.clone();
        for value in self.resource_changes.iter().flat_map(|one| one.change.sensitive()) {
            // Inside of a list, an object or another document it stands as JSON writes it.
            let quoted = Value::from(value.as_str()).to_string();
            let inside = quoted.get(1..quoted.len() - 1).unwrap_or_default();
            redactor = redactor.hiding(inside.into()).hiding(value.into());
        }
        let redactor = &redactor;
        let changes = self.resource_changes.iter();
        changes
            .filter_map(|one| {
                let action = action(&one.change.actions).ok()??;
                let id = ResourceId::new(target, &one.sort, one.name());
                let mut proposal = Proposal::new(id, action);
                proposal.fields = one.change.fields(redactor);
                Some(proposal)
            })
            .collect()
    }

    /// Names what would change, at most so many.
    pub(super) fn named(&self, most: usize) -> String {
        let changing = self.resource_changes.iter();
        let changing = changing.filter(|one| action(&one.change.actions) != Ok(None));
        let mut names: Vec<String> = changing.map(|one| format!("`{}`", one.name())).collect();
        if names.is_empty() {
            return "outputs".to_owned();
        }
        let more = names.len().saturating_sub(most);
        names.truncate(most);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        names.join(", ")
    }
}

/// The document in what was printed: OpenTofu prints warnings about its own configuration before it, to the same output.
fn document(text: &[u8]) -> &[u8] {
    let starts = |line: &&[u8]| line.starts_with(b"{");
    let before: usize = text
        .split_inclusive(|byte| *byte == b'\n')
        .take_while(|line| !starts(line))
        .map(<[u8]>::len)
        .sum();
    text.get(before..).filter(|rest| !rest.is_empty()).unwrap_or(text)
}

/// Words that are in no plan that we know.
#[derive(Debug, PartialEq, Eq)]
struct Unknown;

/// What the words of a plan amount to; none when nothing of the system changes.
fn action(words: &[String]) -> Result<Option<Action>, Unknown> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        // OpenTofu makes a new thing and leaves the old one alone, where `destroy = false` says so.
        ["create"] | ["forget", "create"] => Ok(Some(Action::Create)),
        ["update"] => Ok(Some(Action::Update)),
        ["delete"] => Ok(Some(Action::Destroy)),
        ["delete", "create"] | ["create", "delete"] => Ok(Some(Action::Replace)),
        // `forget` leaves the thing alone.
        ["no-op" | "read" | "forget"] => Ok(None),
        _ => Err(Unknown),
    }
}

impl ResourceChange {
    /// Its address, and what tells it apart from others of the same address.
    fn name(&self) -> String {
        match &self.deposed {
            Some(deposed) => format!("{} (deposed {deposed})", self.address),
            None => self.address.clone(),
        }
    }
}

impl Change {
    /// Every text and number that is marked as sensitive.
    fn sensitive(&self) -> Vec<String> {
        let mut found = Vec::new();
        marked(&self.before, &self.before_sensitive, &mut found);
        marked(&self.after, &self.after_sensitive, &mut found);
        found
    }

    fn fields(&self, redactor: &Redactor) -> Vec<FieldChange> {
        let empty = Map::new();
        let before = self.before.as_object().unwrap_or(&empty);
        let after = self.after.as_object().unwrap_or(&empty);
        let unknown = self.after_unknown.as_object().unwrap_or(&empty);
        let is_later = |name: &str| unknown.get(name).is_some_and(holds_true);
        let names: BTreeSet<&String> =
            before.keys().chain(after.keys()).chain(unknown.keys()).collect();
        names
            .into_iter()
            .filter_map(|name| {
                let old = before.get(name).filter(|value| !value.is_null());
                let later = Value::from(LATER);
                let new = if is_later(name) { Some(&later) } else { after.get(name) };
                let new = new.filter(|value| !value.is_null());
                if old == new {
                    return None;
                }
                let sensitive = [&self.before_sensitive, &self.after_sensitive]
                    .iter()
                    .any(|marks| is_sensitive(marks, name));
                Some(field(redactor, name, (old, new), sensitive))
            })
            .collect()
    }
}

/// Collects the texts and numbers of a value below its marks.
fn marked(value: &Value, marks: &Value, found: &mut Vec<String>) {
    match (value, marks) {
        (Value::String(_) | Value::Number(_), Value::Bool(true)) => found.push(plain(value)),
        (Value::Object(map), Value::Object(marks)) => {
            for (key, value) in map {
                marked(value, marks.get(key).unwrap_or(&Value::Null), found);
            }
        }
        (Value::Array(items), Value::Array(marks)) => {
            items.iter().zip(marks).for_each(|(item, marks)| marked(item, marks, found));
        }
        (Value::Object(map), Value::Bool(true)) => {
            map.values().for_each(|value| marked(value, marks, found));
        }
        (Value::Array(items), Value::Bool(true)) => {
            items.iter().for_each(|item| marked(item, marks, found));
        }
        _ => {}
    }
}

/// Terraform marks a whole resource with `true`, or a value by a tree of the same shape.
fn is_sensitive(marks: &Value, name: &str) -> bool {
    marks == &Value::Bool(true) || marks.get(name).is_some_and(holds_true)
}

fn holds_true(marks: &Value) -> bool {
    match marks {
        Value::Bool(mark) => *mark,
        Value::Array(items) => items.iter().any(holds_true),
        Value::Object(map) => map.values().any(holds_true),
        Value::Null | Value::Number(_) | Value::String(_) => false,
    }
}

fn field(
    redactor: &Redactor,
    name: &str,
    (old, new): (Option<&Value>, Option<&Value>),
    sensitive: bool,
) -> FieldChange {
    if sensitive {
        return redactor.secret(name, old.cloned(), new.cloned());
    }
    // With its name in front, so that rules about names such as `password` see it.
    let text = |value: Option<&Value>| value.map(|value| format!("{name}: {}", plain(value)));
    let harmless =
        |value: Option<&Value>| text(value).is_none_or(|text| redactor.is_harmless(&text));
    if !harmless(old) || !harmless(new) {
        return redactor.secret(name, old.cloned(), new.cloned());
    }
    match (old, new) {
        (Some(Value::String(old)), Some(Value::String(new))) => {
            redactor.change(name, Some(old), Some(new))
        }
        _ => FieldChange::new(name, old.cloned(), new.cloned()),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn proposals(changes: &Value) -> Vec<Proposal> {
        let shown = json!({ "format_version": "1.2", "resource_changes": changes });
        Shown::read(shown.to_string().as_bytes()).unwrap().proposals("t", &Redactor::default())
    }

    #[test]
    fn every_word_of_a_plan_is_understood() {
        let change = |actions: &[&str]| json!([{ "address": "a.b", "type": "a", "change": { "actions": actions } }]);
        let actions = |words: &[&str]| {
            proposals(&change(words)).iter().map(|one| one.action).collect::<Vec<_>>()
        };
        assert_eq!(actions(&["create"]), [Action::Create]);
        assert_eq!(actions(&["update"]), [Action::Update]);
        assert_eq!(actions(&["delete"]), [Action::Destroy]);
        assert_eq!(actions(&["delete", "create"]), [Action::Replace]);
        assert_eq!(actions(&["create", "delete"]), [Action::Replace]);
        assert_eq!(actions(&["forget", "create"]), [Action::Create]);
        for nothing in [["no-op"], ["read"], ["forget"]] {
            assert_eq!(actions(&nothing), []);
        }
        let strange = json!({ "format_version": "1.2", "resource_changes": change(&["explode"]) });
        let fault = Shown::read(strange.to_string().as_bytes()).unwrap_err();
        assert!(fault.message.contains("in a format that we do not know"), "{fault}");
    }

    #[test]
    fn what_a_replacement_left_behind_has_a_name_of_its_own() {
        let delete = json!({ "actions": ["delete"] });
        let found = proposals(&json!([
            { "address": "a.b", "type": "a", "change": { "actions": ["create", "delete"] } },
            { "address": "a.b", "type": "a", "deposed": "f4aabd91", "change": delete },
        ]));
        let names: Vec<&str> = found.iter().map(|one| one.resource.name.as_str()).collect();
        assert_eq!(names, ["a.b", "a.b (deposed f4aabd91)"]);
    }

    #[test]
    fn warnings_before_a_plan_are_passed_over() {
        let shown = json!({ "format_version": "1.2" }).to_string();
        let text = format!("\nWarning: no such file\n\nIt says {{x}}.\n{shown}\n");
        assert!(Shown::read(text.as_bytes()).is_ok());
        for text in ["", "\nWarning: only\n", "{"] {
            assert!(Shown::read(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_sensitive_number_and_a_text_of_many_lines_are_hidden_wherever_they_come_out_again() {
        let found = proposals(&json!([{
            "address": "a.b", "type": "a",
            "change": {
                "actions": ["create"],
                "after": {
                    "pin": 47_114_711, "copy": 47_114_711, "key": "canary\n\"one\"",
                    "nested": { "key": "canary\n\"one\"" }, "document": "{\"key\": \"my canary\\n\\\"one\\\" key\"}",
                },
                "after_sensitive": { "pin": true, "key": true },
            },
        }]));
        let shown = serde_json::to_string(&found[0].fields).unwrap();
        assert!(!shown.contains("canary") && !shown.contains("4711"), "{shown}");
    }

    #[test]
    fn sensitive_values_and_what_looks_like_one_are_fingerprints() {
        let found = proposals(&json!([{
            "address": "db.main", "type": "db",
            "change": {
                "actions": ["update"],
                "before": { "copy": "of canary-1", "name": "x", "key": "canary-1", "list": ["canary-2"], "password": "hunter2hunter3", "size": 1 },
                "after": { "copy": "of canary-3", "name": "y", "key": "canary-3", "list": ["canary-4"], "password": "hunter2hunter4", "size": 2 },
                "after_unknown": { "id": true },
                "before_sensitive": { "key": true },
                "after_sensitive": { "key": true, "list": [true] },
            },
        }]));
        let shown = serde_json::to_string(&found[0].fields).unwrap();
        assert!(!shown.contains("canary") && !shown.contains("hunter"), "{shown}");
        let names: Vec<(&str, bool)> =
            found[0].fields.iter().map(|one| (one.name.as_str(), one.secret)).collect();
        let expected = [
            ("copy", true),
            ("id", false),
            ("key", true),
            ("list", true),
            ("name", false),
            ("password", true),
            ("size", false),
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn other_formats_are_refused_without_repeating_them() {
        for text in ["canary", "{\"format_version\": \"2.0\"}"] {
            let fault = Shown::read(text.as_bytes()).unwrap_err();
            assert_eq!(fault.kind, FaultKind::Garbage);
            assert!(!fault.message.contains("canary"));
        }
    }
}
