//! Reading what a controller says of one thing, property by property.
//!
//! A property of the wrong type spoils itself and nothing else: it is unknown. So are `null`, empty texts and the
//! placeholders that factories leave in them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::link::Link;
use crate::word::Health;

/// What factories write where nothing is known. None of these names a machine.
const PLACEHOLDERS: [&str; 13] = [
    "n/a",
    "na",
    "unknown",
    "not available",
    "not specified",
    "not present",
    "to be filled by o.e.m.",
    "to be filled by oem",
    "default string",
    "no asset tag",
    "system serial number",
    "null",
    "(null)",
];

/// Something that a controller offers and that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// What it is, such as "processors".
    pub what: String,
    /// Why, in a sentence.
    pub why: String,
}

/// One resource with its place and its version.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) link: Link,
    pub(crate) value: Value,
    pub(crate) etag: Option<String>,
}

/// A text, without spaces around it; unknown when empty or a placeholder.
pub(crate) fn text(value: &Value, pointer: &str) -> Option<String> {
    let words = value.pointer(pointer)?.as_str()?.trim();
    let lower = words.to_ascii_lowercase();
    (!words.is_empty() && !PLACEHOLDERS.contains(&lower.as_str())).then(|| harmless(words))
}

/// What a terminal would obey is shown as a sign: logs of a controller hold what strangers typed.
fn harmless(words: &str) -> String {
    words.chars().map(|sign| if sign.is_control() { '\u{fffd}' } else { sign }).collect()
}

/// A whole number that is not negative.
pub(crate) fn whole(value: &Value, pointer: &str) -> Option<u64> {
    let found = value.pointer(pointer)?;
    // Some controllers write `16.0`.
    found.as_u64().or_else(|| found.as_f64()?.to_string().parse().ok())
}

/// A number.
pub(crate) fn number(value: &Value, pointer: &str) -> Option<f64> {
    value.pointer(pointer)?.as_f64().filter(|number| number.is_finite())
}

/// Yes or no.
pub(crate) fn truth(value: &Value, pointer: &str) -> Option<bool> {
    value.pointer(pointer)?.as_bool()
}

/// A list of texts; unknown when there is no list.
pub(crate) fn texts(value: &Value, pointer: &str) -> Option<Vec<String>> {
    let list = value.pointer(pointer)?.as_array()?;
    Some(list.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect())
}

/// A list of anything; empty when there is none.
pub(crate) fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A reference to another resource: the property's `@odata.id`.
pub(crate) fn link(value: &Value, property: &str) -> Option<Link> {
    let reference = value.pointer(property)?.get("@odata.id")?.as_str()?;
    (!reference.is_empty()).then(|| Link::new(reference))
}

/// References to other resources.
pub(crate) fn links(value: &Value, pointer: &str) -> Vec<Link> {
    list(value, pointer).iter().filter_map(|one| link(one, "")).collect()
}

/// `Status.Health`.
pub(crate) fn health(value: &Value) -> Option<Health> {
    text(value, "/Status/Health").and_then(|word| Health::of(&word))
}

/// `Status.State`, such as `Enabled` or `Absent`.
pub(crate) fn state(value: &Value) -> Option<String> {
    text(value, "/Status/State")
}

/// Whether the place is empty (`Status.State` is `Absent`).
pub(crate) fn is_absent(value: &Value) -> bool {
    state(value).is_some_and(|state| state == "Absent")
}

/// A MAC address in small letters with colons; unknown when it is no address or all zero.
pub(crate) fn mac(value: &Value, pointer: &str) -> Option<String> {
    let said = text(value, pointer)?;
    let digits: String = said.chars().filter(|c| !":-.".contains(*c)).collect();
    let is_one = digits.len() == 12
        && digits.chars().all(|c| c.is_ascii_hexdigit())
        && digits.chars().any(|c| c != '0');
    let lower = digits.to_ascii_lowercase();
    let pairs: Vec<&str> = (0..12).step_by(2).filter_map(|at| lower.get(at..at + 2)).collect();
    is_one.then(|| pairs.join(":"))
}

/// A point in time (DSP0266, "Date-Time values"). Controllers forget the zone; then `offset` counts if there is one, and
/// without either the time is unknown.
pub(crate) fn time(value: &Value, pointer: &str, offset: Option<&str>) -> Option<Timestamp> {
    let said = text(value, pointer)?;
    if let Ok(time) = said.parse::<Timestamp>() {
        return Some(time);
    }
    let local: DateTime = said.parse().ok()?;
    let zone = TimeZone::fixed(parse_offset(offset?)?);
    zone.to_timestamp(local).ok()
}

/// `+06:00`, `-05:30` or `Z`.
fn parse_offset(text: &str) -> Option<Offset> {
    if text == "Z" {
        return Some(Offset::UTC);
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let is_sane = (0..=24).contains(&hours) && (0..60).contains(&minutes);
    is_sane.then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_factory_left_blank_is_unknown() {
        for blank in ["", "  ", "N/A", "To be filled by O.E.M.", "Unknown", "Default string"] {
            assert_eq!(text(&json!({ "a": blank }), "/a"), None, "{blank}");
        }
        assert_eq!(text(&json!({ "a": " 7X " }), "/a").as_deref(), Some("7X"));
        assert_eq!(text(&json!({ "a": 7 }), "/a"), None);
        assert_eq!(text(&json!({ "a": null }), "/a"), None);
    }

    #[test]
    fn a_number_of_the_wrong_type_is_unknown_and_not_zero() {
        assert_eq!(whole(&json!({ "a": 8 }), "/a"), Some(8));
        assert_eq!(whole(&json!({ "a": 8.0 }), "/a"), Some(8));
        for wrong in [json!("8"), json!(-8), json!(8.5), json!(null), json!([8])] {
            assert_eq!(whole(&json!({ "a": wrong }), "/a"), None, "{wrong}");
        }
    }

    #[test]
    fn mac_addresses_are_written_one_way() {
        for said in ["12:44:6A:3B:04:11", "12-44-6a-3b-04-11", "12446A3B0411", "1244.6a3b.0411"] {
            let found = mac(&json!({ "a": said }), "/a");
            assert_eq!(found.as_deref(), Some("12:44:6a:3b:04:11"), "{said}");
        }
        for none in ["00:00:00:00:00:00", "12:44", "zz:44:6A:3B:04:11", "12:44:6A:3B:04:11:00:01"] {
            assert_eq!(mac(&json!({ "a": none }), "/a"), None, "{none}");
        }
    }

    #[test]
    fn a_time_without_a_zone_is_read_by_the_offset_beside_it_or_not_at_all() {
        let at = |said: &str, offset| time(&json!({ "a": said }), "/a", offset);
        let expect: Timestamp = "2015-03-12T22:14:33Z".parse().expect("a time");
        assert_eq!(at("2015-03-13T04:14:33+06:00", None), Some(expect));
        assert_eq!(at("2015-03-13T04:14:33", Some("+06:00")), Some(expect));
        assert_eq!(at("2015-03-12T16:44:33", Some("-05:30")), Some(expect));
        assert_eq!(at("2015-03-13T04:14:33", None), None);
        assert_eq!(at("yesterday", Some("Z")), None);
    }
}
