//! Canonical JSON (RFC 8785) and the hash over it.
//!
//! A body is made canonical once, when it is appended, and stored as those bytes. An entry's canonical form is
//! then a concatenation around it: verification hashes without parsing. RFC 8785 knows only double precision
//! numbers; an integer that a double cannot hold would change its value silently, so it is refused instead.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::entry::{Body, Entry, Hash};
use crate::limits::{MAX_BODY_BYTES, MAX_BODY_DEPTH};
use crate::name::Stream;
use crate::store::StoreError;
use crate::time;

/// Largest integer that every JSON reader keeps exactly (RFC 7493, section 2.2).
const MAX_SAFE_INTEGER: i128 = (1 << 53) - 1;

/// Says why a body is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBody {
    /// An integer beyond ±(2⁵³−1), which RFC 8785 would round.
    #[error("the number {0} is not exact in canonical JSON; write it as a string")]
    InexactNumber(String),
    /// Nested deeper than [`MAX_BODY_DEPTH`].
    #[error("it is nested deeper than {MAX_BODY_DEPTH} levels; flatten it")]
    TooDeep,
    /// Longer than [`MAX_BODY_BYTES`].
    #[error(
        "it is {0} bytes long and the limit is {MAX_BODY_BYTES}; store the content elsewhere and its digest here"
    )]
    TooLong(usize),
}

/// Renders a value as RFC 8785 canonical JSON.
///
/// # Errors
/// When a number is inexact, or the value is too deep or too long.
pub fn canonical(value: &Value) -> Result<String, InvalidBody> {
    let mut text = String::with_capacity(256);
    write_value(value, 0, &mut text)?;
    if text.len() > MAX_BODY_BYTES {
        return Err(InvalidBody::TooLong(text.len()));
    }
    Ok(text)
}

fn write_value(value: &Value, depth: usize, text: &mut String) -> Result<(), InvalidBody> {
    if depth > MAX_BODY_DEPTH {
        return Err(InvalidBody::TooDeep);
    }
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => write_number(number, text)?,
        Value::String(string) => write_string(string, text),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(item, depth + 1, text)?;
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut sorted: Vec<(&String, &Value)> = fields.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            text.push('{');
            for (index, (name, field)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_string(name, text);
                text.push(':');
                write_value(field, depth + 1, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

fn write_number(number: &serde_json::Number, text: &mut String) -> Result<(), InvalidBody> {
    use std::fmt::Write as _;
    let integer = number.as_i128();
    if let Some(integer) = integer.filter(|integer| integer.abs() <= MAX_SAFE_INTEGER) {
        write!(text, "{integer}").expect("BUG: writing to a String cannot fail");
        return Ok(());
    }
    // ECMAScript's shortest form of a double is a small science; the library knows it.
    let inexact = || InvalidBody::InexactNumber(number.to_string());
    let shortest = serde_json_canonicalizer::to_string(number).map_err(|_| inexact())?;
    if integer.is_some() && shortest != number.to_string() {
        return Err(inexact());
    }
    text.push_str(&shortest);
    Ok(())
}

/// Writes a string with the escapes of RFC 8785 section 3.2.2.2.
fn write_string(string: &str, text: &mut String) {
    use std::fmt::Write as _;
    text.push('"');
    let mut rest = string;
    while let Some(position) = rest.bytes().position(|b| b < 0x20 || b == b'"' || b == b'\\') {
        let (plain, from_special) = rest.split_at(position);
        let (special, after) = from_special.split_at(1);
        text.push_str(plain);
        match special {
            "\"" => text.push_str("\\\""),
            "\\" => text.push_str("\\\\"),
            "\u{8}" => text.push_str("\\b"),
            "\t" => text.push_str("\\t"),
            "\n" => text.push_str("\\n"),
            "\u{c}" => text.push_str("\\f"),
            "\r" => text.push_str("\\r"),
            control => write!(text, "\\u{:04x}", control.as_bytes()[0])
                .expect("BUG: writing to a String cannot fail"),
        }
        rest = after;
    }
    text.push_str(rest);
    text.push('"');
}

/// An entry as it lies in a store: bytes that nobody has judged yet.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the fields are those of an entry")]
pub struct RawEntry<'a> {
    pub seq: u64,
    pub stream: &'a [u8],
    pub version: u64,
    pub kind: &'a [u8],
    pub at: &'a [u8],
    pub actor: &'a [u8],
    pub cause: Option<&'a [u8]>,
    pub body: &'a [u8],
    pub prev_hash: &'a [u8],
    pub hash: &'a [u8],
}

impl RawEntry<'_> {
    /// Replaces `buffer` by the canonical JSON of the entry without its hash.
    pub fn write_canonical(&self, buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.extend_from_slice(b"{\"actor\":\"");
        buffer.extend_from_slice(self.actor);
        buffer.extend_from_slice(b"\",\"at\":\"");
        buffer.extend_from_slice(self.at);
        buffer.extend_from_slice(b"\",\"body\":");
        buffer.extend_from_slice(self.body);
        match self.cause {
            Some(cause) => {
                buffer.extend_from_slice(b",\"cause\":\"");
                buffer.extend_from_slice(cause);
                buffer.extend_from_slice(b"\",\"kind\":\"");
            }
            None => buffer.extend_from_slice(b",\"cause\":null,\"kind\":\""),
        }
        buffer.extend_from_slice(self.kind);
        buffer.extend_from_slice(b"\",\"prev_hash\":\"");
        push_hex(self.prev_hash, buffer);
        buffer.extend_from_slice(b"\",\"seq\":");
        push_number(self.seq, buffer);
        buffer.extend_from_slice(b",\"stream\":\"");
        buffer.extend_from_slice(self.stream);
        buffer.extend_from_slice(b"\",\"version\":");
        push_number(self.version, buffer);
        buffer.push(b'}');
    }

    /// Reads the bytes as an entry; nothing is proven by that but their types.
    ///
    /// # Errors
    /// When a field is not what only this program would have written.
    pub fn read(&self) -> Result<Entry, StoreError> {
        let damaged = |field: &str| StoreError::Damaged {
            what: format!("`{field}` of entry {} cannot be read", self.seq),
        };
        let text = |field, bytes| str::from_utf8(bytes).map_err(|_| damaged(field));
        let hash = |field, bytes: &[u8]| bytes.try_into().map(Hash).map_err(|_| damaged(field));
        Ok(Entry {
            seq: self.seq,
            stream: Stream::new(text("stream", self.stream)?).map_err(|_| damaged("stream"))?,
            version: self.version,
            kind: text("kind", self.kind)?.to_owned(),
            at: time::parse(self.at).ok_or_else(|| damaged("at"))?,
            actor: text("actor", self.actor)?.to_owned(),
            cause: self.cause.map(|cause| text("cause", cause)).transpose()?.map(str::to_owned),
            body: Body::from_canonical(text("body", self.body)?),
            prev_hash: hash("prev_hash", self.prev_hash)?,
            hash: hash("hash", self.hash)?,
        })
    }

    /// Computes the hash that the entry should carry; `buffer` is scratch space.
    pub fn digest(&self, buffer: &mut Vec<u8>) -> Hash {
        self.write_canonical(buffer);
        Hash(Sha256::digest(&*buffer).into())
    }
}

fn push_hex(bytes: &[u8], buffer: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for &byte in bytes {
        buffer.push(DIGITS[usize::from(byte >> 4)]);
        buffer.push(DIGITS[usize::from(byte & 15)]);
    }
}

fn push_number(mut number: u64, buffer: &mut Vec<u8>) {
    const LONGEST: usize = 20; // digits of u64::MAX
    let mut digits = [b'0'; LONGEST];
    let mut first = LONGEST - 1;
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + u8::try_from(number % 10).expect("BUG: a digit is below ten");
        first = place;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    buffer.extend_from_slice(&digits[first..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::entry::Head;

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-MAX_SAFE_INTEGER..=MAX_SAFE_INTEGER).prop_map(|n| json!(n)),
            any::<f64>().prop_filter("finite", |f| f.is_finite()).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[\\x00-\\x1f\"\\\\/a-z]{0,9}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_body_is_canonical_json_and_stays_so_when_read_back(value in any_json()) {
            let text = canonical(&value).unwrap();
            prop_assert_eq!(&text, &serde_json_canonicalizer::to_string(&value).unwrap());
            let again: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(canonical(&again).unwrap(), text);
        }

        #[test]
        fn a_whole_entry_is_hashed_as_rfc_8785_would_write_it(
            value in any_json(),
            seq in 1_u64..=1 << 53,
            version in 1_u64..1000,
            cause in prop::option::of("[!#-\\[\\]-~]{1,40}"),
            second in 946_684_800_i64..7_258_118_400,
        ) {
            let before = Head { seq, hash: Hash([7; 32]), at: crate::limits::earliest() };
            let at = jiff::Timestamp::from_second(second).unwrap();
            let entry = Entry {
                seq,
                stream: Stream::new("decision/D-1").unwrap(),
                version,
                kind: "decision.voted".to_owned(),
                at,
                actor: "person/ana".to_owned(),
                cause: cause.clone(),
                body: Body::from_canonical(canonical(&value).unwrap()),
                prev_hash: before.hash,
                hash: before.hash,
            };
            let whole = json!({
                "seq": seq, "stream": "decision/D-1", "version": version, "kind": "decision.voted",
                "at": time::format(at), "actor": "person/ana", "cause": cause, "body": value,
                "prev_hash": before.hash.to_string(),
            });
            let expected = serde_json_canonicalizer::to_vec(&whole).unwrap();
            let mut written = Vec::new();
            entry.raw(&time::format(at)).write_canonical(&mut written);
            prop_assert_eq!(String::from_utf8(written).unwrap(), String::from_utf8(expected).unwrap());
        }
    }

    #[test]
    fn the_numbers_of_the_rfc_are_written_as_it_says() {
        let numbers = "[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,-0.0,1e21]";
        let text = canonical(&serde_json::from_str(numbers).unwrap());
        assert_eq!(text.unwrap(), "[333333333.3333333,1e+30,4.5,0.002,1e-27,0,1e+21]");
    }

    #[test]
    fn the_sorting_of_the_rfc_is_by_utf_16() {
        let value = json!({
            "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7,
        });
        let order: Vec<u64> =
            canonical(&value).unwrap().bytes().filter(u8::is_ascii_digit).map(u64::from).collect();
        // The key `1` itself, then the values in order.
        assert_eq!(order, [b'2', b'1', b'4', b'6', b'7', b'1', b'5', b'3'].map(u64::from));
    }

    #[test]
    fn an_integer_that_a_double_would_round_is_refused() {
        for exact in
            [json!(9_007_199_254_740_991_u64), json!(9_007_199_254_740_994_u64), json!(1e17)]
        {
            canonical(&exact).unwrap();
        }
        for inexact in [json!(9_007_199_254_740_993_u64), json!(u64::MAX), json!(i64::MIN + 1)] {
            let error = canonical(&json!({ "amount": inexact })).unwrap_err();
            assert!(matches!(error, InvalidBody::InexactNumber(_)), "{error}");
        }
    }
}
