//! JSON of an answer, read with patience: foreign bytes may stand in it where text should.

use std::borrow::Cow;

use serde_json::Value;

/// Reads JSON; bytes that are no UTF-8 and halves of surrogate pairs become U+FFFD.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, String> {
    let text = String::from_utf8_lossy(bytes);
    serde_json::from_str(&text)
        .or_else(|error| serde_json::from_str(&without_lone_surrogates(&text)).map_err(|_| error))
        .map_err(|error| {
            if text.trim_start().starts_with('<') {
                "it is a page for people, perhaps to sign in, and not JSON".to_owned()
            } else {
                format!("it is not JSON ({error})")
            }
        })
}

/// Text at the end of a path of names.
pub(crate) fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    path.iter().try_fold(value, |value, name| value.get(name))?.as_str()
}

/// A whole number, written as one or as text, as protocol buffers write those of 64 bits.
pub(crate) fn whole(value: Option<&Value>) -> Option<i128> {
    match value? {
        Value::Number(number) => {
            number.as_u64().map(i128::from).or(number.as_i64().map(i128::from))
        }
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The elements of an array that may be absent.
pub(crate) fn each<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// Replaces `\ud83d` without its other half, which some writers leave when they cut text.
fn without_lone_surrogates(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u") {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        let length = match (surrogate(from), from.get(6..).and_then(surrogate)) {
            (Some(true), Some(false)) => 12,
            (Some(_), _) => {
                kept.push('\u{fffd}');
                rest = from.get(6..).unwrap_or_default();
                continue;
            }
            // A backslash and what it escapes, which may be a backslash.
            (None, _) => from.char_indices().nth(2).map_or(from.len(), |(at, _)| at),
        };
        let (kept_part, after) = from.split_at(length);
        kept.push_str(kept_part);
        rest = after;
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// Whether a text begins with the escape of a surrogate: the first half, or the second.
fn surrogate(text: &str) -> Option<bool> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u32::from_str_radix(digits, 16).ok()? {
        0xd800..0xdc00 => Some(true),
        0xdc00..0xe000 => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_text_becomes_a_mark() {
        assert_eq!(read(b"[\"a\xff\"]").unwrap(), Value::from(vec!["a\u{fffd}"]));
        assert_eq!(read(br#"["x\ud83d","\ude00y"]"#).unwrap().to_string(), r#"["x�","�y"]"#);
        let whole = br#"["\ud83d\ude00\\ud83d\ud83d"]"#;
        assert_eq!(read(whole).unwrap().to_string(), r#"["😀\\ud83d�"]"#);
    }

    #[test]
    fn a_page_for_people_is_named() {
        assert!(read(b"<html>").unwrap_err().contains("sign in"));
        assert!(read(b"ok").unwrap_err().contains("not JSON"));
    }
}
