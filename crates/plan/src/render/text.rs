//! Words and figures: a step on one line, money, large numbers.

use serde_json::Value;

use crate::resource::Micros;
use crate::step::{Action, FieldChange, Step};

/// Longest line. A terminal of ordinary width, a review comment, and a page on paper all take it.
pub(super) const WIDTH: usize = 110;

/// The mark in front of a step: readable without colour.
pub(super) fn mark(action: Action) -> &'static str {
    match action {
        Action::Destroy => "-",
        Action::Replace => "±",
        Action::Run => ">",
        Action::Update => "~",
        Action::Create => "+",
    }
}

/// One step on one line: `~ update lab/vlan/tenants  mtu: 1500 -> 9000`.
#[must_use]
pub fn step_line(step: &Step) -> String {
    let head = format!("{} {:<7} {}", mark(step.action), step.action.word(), step.resource);
    let mut notes: Vec<String> = Vec::new();
    if step.disruptive {
        notes.push("disruptive".to_owned());
    }
    match step.action {
        Action::Create => notes.extend(made_of(&step.fields)),
        Action::Destroy | Action::Replace | Action::Run | Action::Update => {
            notes.extend(fields(&step.fields));
        }
    }
    if let Some(carrier) = step.carried_by {
        notes.push(format!("with {carrier}"));
    }
    let line = if notes.is_empty() { head } else { format!("{head}  {}", notes.join(", ")) };
    cut(&line, WIDTH - 2)
}

/// What something new is made of, as far as a word says it: which image, which size.
fn made_of(changes: &[FieldChange]) -> Vec<String> {
    const SHOWN: usize = 2;
    const LONGEST: usize = 40;
    // Values of files have paths for names: which two of them come first says nothing.
    let own = |change: &&FieldChange| {
        change.name != crate::planner::PAYLOAD_FIELD && !change.name.contains('.')
    };
    let said = changes.iter().filter(own);
    let words = said.filter_map(|change| match change.after.as_ref()? {
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        word @ (Value::String(_) | Value::Number(_)) => {
            Some(format!("{}: {}", change.name, cut(&plain(word), LONGEST)))
        }
    });
    words.take(SHOWN).collect()
}

/// The changes that say most, and how many more there are.
fn fields(changes: &[FieldChange]) -> Vec<String> {
    const SHOWN: usize = 2;
    let mut shown: Vec<String> = changes
        .iter()
        // Digests say that something differs; other fields say what.
        .filter(|change| changes.len() == 1 || change.name != crate::planner::PAYLOAD_FIELD)
        .map(|change| {
            let (before, after) = (value(change.before.as_ref()), value(change.after.as_ref()));
            format!("{}: {before} -> {after}", change.name)
        })
        .collect();
    if shown.len() > SHOWN {
        let more = shown.len() - SHOWN;
        shown.truncate(SHOWN);
        shown.push(format!("{more} more"));
    }
    shown
}

fn value(value: Option<&Value>) -> String {
    const LONGEST: usize = 24;
    match value {
        None => "unset".to_owned(),
        Some(value) => cut(&plain(value), LONGEST),
    }
}

/// As people write it: without quotes, and a list of one without brackets.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => match items.as_slice() {
            [only] => plain(only),
            items => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// Cuts a text to a number of characters, saying so.
pub(super) fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest - 1).collect();
    format!("{kept}…")
}

/// `10,000`.
pub(super) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 step`, `2 steps`.
pub(super) fn plural(number: usize, word: &str) -> String {
    format!("{} {word}{}", count(number), if number == 1 { "" } else { "s" })
}

/// `+12.50 EUR`; cents are rounded half away from zero.
pub(super) fn money(micros: Micros, currency: &str) -> String {
    const CENT: u64 = 10_000;
    let cents = (micros.0.unsigned_abs() + CENT / 2) / CENT;
    let sign = if micros.0 < 0 { '-' } else { '+' };
    let whole = usize::try_from(cents / 100).unwrap_or(usize::MAX);
    format!("{sign}{}.{:02} {currency}", count(whole), cents % 100).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_and_money_is_rounded() {
        assert_eq!(
            [count(0), count(999), count(1_000), count(1_234_567)],
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!(money(Micros(12_505_000), "EUR"), "+12.51 EUR");
        assert_eq!(money(Micros(-1_234_000_000), "EUR"), "-1,234.00 EUR");
        assert_eq!(money(Micros(4_999), ""), "+0.00");
    }

    #[test]
    fn values_read_as_people_write_them() {
        let shown = |json: Value| value(Some(&json));
        assert_eq!(shown(serde_json::json!(["10.50.0.0/22"])), "10.50.0.0/22");
        assert_eq!(shown(serde_json::json!(["eu-1", 2, []])), "[eu-1, 2, []]");
        assert_eq!(value(None), "unset");
    }

    #[test]
    fn a_cut_says_so() {
        assert_eq!(cut("straße", 6), "straße");
        assert_eq!(cut("straßen", 6), "straß…");
    }
}
