//! The canonical text (RFC 8785) of steps, written straight into a hash.
//!
//! A library for canonical JSON sorts what it is given, and holds every part until it is sorted. Of a plan with 100,000
//! steps that is most of the time of making it, for an order that we know: the fields of a step are written here in the
//! order of their names. What needs the library all the same, fractions and names that are not plain ASCII, it gets.
//!
//! Invariant: the text is the library's, byte for byte; a test holds them against each other. A new field of a step does
//! not compile until it has its place here.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::digest::{CanonicalHasher, Digest};
use crate::resource::ResourceId;
use crate::step::{FieldChange, Reverts, Step, StepId};

/// Integers beyond it are rounded by JSON's numbers, and the library says how.
const MAX_SAFE: i64 = (1 << 53) - 1;

impl CanonicalHasher {
    /// A list of steps.
    pub(crate) fn steps(&mut self, steps: &[Step]) {
        self.text("[");
        for (place, step) in steps.iter().enumerate() {
            self.text(if place == 0 { "" } else { "," });
            self.step(step);
        }
        self.text("]");
    }

    fn step(&mut self, step: &Step) {
        let Step {
            id,
            resource,
            action,
            fields,
            payload,
            undo,
            disruptive,
            failure_domain,
            depends_on,
            carried_by,
            reverts,
            labels,
            cost_delta,
            quota_delta,
        } = step;
        self.text("{\"action\":\"");
        self.text(action.word());
        self.text("\"");
        self.optional("carried_by", carried_by.as_ref(), Self::number_of);
        self.optional("cost_delta", cost_delta.as_ref(), |text, cost| text.integer(cost.0));
        let before = Some(depends_on).filter(|steps| !steps.is_empty());
        self.optional("depends_on", before, |text, steps| text.each(steps, Self::number_of));
        self.text(if *disruptive { ",\"disruptive\":true" } else { ",\"disruptive\":false" });
        self.optional("failure_domain", failure_domain.as_ref(), |text, name| text.string(name));
        let changes = Some(fields).filter(|fields| !fields.is_empty());
        self.optional("fields", changes, |text, fields| text.each(fields, Self::change));
        self.text(",\"id\":");
        self.number_of(id);
        self.named("labels", labels, |text, value: &String| text.string(value));
        self.optional("payload", payload.as_ref(), Self::digest);
        self.named("quota_delta", quota_delta, |text, delta: &i64| text.integer(*delta));
        self.text(",\"resource\":");
        self.resource(resource);
        self.optional("reverts", reverts.as_ref(), Self::reverts);
        self.optional("undo", undo.as_ref(), |text, undo| text.string(undo.word()));
        self.text("}");
    }

    fn change(&mut self, change: &FieldChange) {
        let FieldChange { name, before, after, secret } = change;
        self.text("{\"after\":");
        self.field_value(after.as_ref());
        self.text(",\"before\":");
        self.field_value(before.as_ref());
        self.text(",\"name\":");
        self.string(name);
        self.text(if *secret { ",\"secret\":true}" } else { "}" });
    }

    fn field_value(&mut self, value: Option<&Value>) {
        match value {
            None | Some(Value::Null) => self.text("null"),
            Some(Value::Bool(true)) => self.text("true"),
            Some(Value::Bool(false)) => self.text("false"),
            Some(Value::String(text)) => self.string(text),
            Some(value @ Value::Number(number)) => match number.as_i64() {
                Some(integer) => self.integer(integer),
                None => self.value(value),
            },
            Some(value @ (Value::Array(_) | Value::Object(_))) => self.value(value),
        }
    }

    fn resource(&mut self, resource: &ResourceId) {
        let ResourceId { target, kind, name } = resource;
        self.text("{\"kind\":");
        self.string(kind);
        self.text(",\"name\":");
        self.string(name);
        self.text(",\"target\":");
        self.string(target);
        self.text("}");
    }

    fn reverts(&mut self, reverts: &Reverts) {
        let Reverts { plan, step } = reverts;
        self.text("{\"plan\":");
        self.digest(plan);
        self.text(",\"step\":");
        self.number_of(step);
        self.text("}");
    }

    fn digest(&mut self, digest: &Digest) {
        self.string(&digest.to_string());
    }

    fn number_of(&mut self, step: &StepId) {
        self.integer(i64::from(step.0));
    }

    fn integer(&mut self, integer: i64) {
        if (-MAX_SAFE..=MAX_SAFE).contains(&integer) {
            self.text(&integer.to_string());
        } else {
            self.value(&integer);
        }
    }

    fn each<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.text("[");
        for (place, item) in items.iter().enumerate() {
            self.text(if place == 0 { "" } else { "," });
            write(self, item);
        }
        self.text("]");
    }

    /// A field that is left out when there is nothing to say.
    fn optional<T>(&mut self, name: &str, value: Option<&T>, write: impl Fn(&mut Self, &T)) {
        let Some(value) = value else { return };
        self.text(",\"");
        self.text(name);
        self.text("\":");
        write(self, value);
    }

    /// Values by name. Canonical JSON sorts names by their UTF-16 units, which for ASCII is the map's own order.
    fn named<T: Serialize>(
        &mut self,
        name: &str,
        values: &BTreeMap<String, T>,
        write: impl Fn(&mut Self, &T),
    ) {
        let values = Some(values).filter(|values| !values.is_empty());
        self.optional(name, values, |text, values| {
            if !values.keys().all(|name| name.is_ascii()) {
                return text.value(values);
            }
            for (place, (name, value)) in values.iter().enumerate() {
                text.text(if place == 0 { "{" } else { "," });
                text.string(name);
                text.text(":");
                write(text, value);
            }
            text.text("}");
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::resource::Micros;
    use crate::step::Action;

    /// Steps that between them have every field, with texts and numbers that are hard to write.
    fn steps() -> Vec<Step> {
        let odd =
            "quote \" slash \\ line \n bell \u{7} nul \u{0} delete \u{7f} ä \u{1F600} \u{2028}";
        let plain = Step::new(StepId(1), ResourceId::new("lab", "file", "a"), Action::Destroy);
        let mut full = Step::new(StepId(2), ResourceId::new(odd, odd, odd), Action::Replace);
        full.fields = [
            json!(null),
            json!(true),
            json!(false),
            json!(odd),
            json!(-7),
            json!(9_007_199_254_740_993_i64),
            json!(18_446_744_073_709_551_615_u64),
            json!(1.5e300),
            json!(0.1),
            json!([1, {"b": 2, "a": [odd]}]),
        ]
        .into_iter()
        .map(|value| FieldChange::new(odd, Some(value.clone()), Some(value)))
        .collect();
        full.fields.push(FieldChange { secret: true, ..FieldChange::new("s", None, None) });
        full.payload = Some(Digest::of(b"x"));
        full.undo = Some(Action::Create);
        full.disruptive = true;
        full.failure_domain = Some(odd.to_owned());
        full.depends_on = vec![StepId(1), StepId(3)];
        full.carried_by = Some(StepId(1));
        full.reverts = Some(Reverts { plan: Digest::of(b"y"), step: StepId(9) });
        full.cost_delta = Some(Micros(i64::MIN));
        full.labels = [("site", odd), ("service", "checkout")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        full.quota_delta = [("cores", -4), ("disk", i64::MAX)]
            .map(|(name, delta)| (name.to_owned(), delta))
            .into();
        let mut foreign = full.clone();
        // UTF-16 sorts the second before the first, UTF-8 after it.
        foreign.labels =
            ["\u{FF5E}", "\u{1F600}", "z"].map(|name| (name.to_owned(), String::new())).into();
        vec![plain, full, foreign]
    }

    #[test]
    fn the_text_of_steps_is_that_of_the_library() {
        for step in steps() {
            let mut ours = CanonicalHasher::new();
            ours.steps(std::slice::from_ref(&step));
            let mut theirs = CanonicalHasher::new();
            theirs.value(&[&step]);
            assert_eq!(ours.finish(), theirs.finish(), "{step:?}");
        }
        let mut ours = CanonicalHasher::new();
        ours.steps(&steps());
        assert_eq!(ours.finish(), Digest::of_canonical(&steps()));
    }
}
