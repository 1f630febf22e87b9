//! How much a body would become in memory, before any of it is.
//!
//! Two bytes on the wire can be an empty metric, which has a hundred and fifty in memory. So the parts (resources, scopes, metrics,
//! points, exemplars, attributes and what is nested in them) are counted by a walk that allocates nothing.

use crate::refusal::Refusal;

/// Values nested deeper than this are nobody's attributes; the reader of messages would stop at a hundred levels.
const MOST_LEVELS: usize = 32;

/// Refuses a message of protobuf that has more parts than allowed. What is malformed is left to the reader, which says it better.
pub(crate) fn protobuf(body: &[u8], most: usize) -> Result<(), Refusal> {
    let mut left = most;
    match walk(body, Level::Request, 0, &mut left) {
        Some(()) => Ok(()),
        None => Err(Refusal::TooManyParts { most }),
    }
}

/// Refuses a text of JSON that has more objects than allowed; braces within strings count as well, which errs on the safe side.
pub(crate) fn json(body: &[u8], most: usize) -> Result<(), Refusal> {
    match memchr::memchr_iter(b'{', body).nth(most) {
        None => Ok(()),
        Some(_) => Err(Refusal::TooManyParts { most }),
    }
}

/// The messages that hold repeated messages (opentelemetry-proto 1.10, `metrics.proto`, `common.proto`, `resource.proto`).
#[derive(Clone, Copy)]
enum Level {
    Request,
    ResourceMetrics,
    Resource,
    ScopeMetrics,
    Scope,
    Metric,
    Data,
    Point,
    Exemplar,
    KeyValue,
    AnyValue,
    Array,
    Pairs,
    Leaf,
}

impl Level {
    /// What stands in a field of the message; nothing for texts, numbers and packed numbers.
    fn below(self, field: u64) -> Option<Self> {
        Some(match (self, field) {
            (Self::Request, 1) => Self::ResourceMetrics,
            (Self::ResourceMetrics, 1) => Self::Resource,
            (Self::ResourceMetrics, 2) => Self::ScopeMetrics,
            (Self::ScopeMetrics, 1) => Self::Scope,
            (Self::ScopeMetrics, 2) => Self::Metric,
            (Self::Metric, 5 | 7 | 9 | 10 | 11) => Self::Data,
            (Self::Data, 1) => Self::Point,
            (Self::Resource, 1) | (Self::Scope, 3) | (Self::Metric, 12) | (Self::Exemplar, 7) => {
                Self::KeyValue
            }
            // An exponential histogram has its attributes in field 1, a histogram in 9, the others in 7.
            (Self::Point, 1 | 7 | 9) => Self::KeyValue,
            // 5: exemplars of a number; 8: of a histogram (or buckets, which hold no messages); 11: of an exponential one.
            (Self::Point, 5 | 8 | 11) => Self::Exemplar,
            // Quantiles of a summary, references to entities.
            (Self::Point, 6) | (Self::Resource, 3) => Self::Leaf,
            (Self::KeyValue, 2) | (Self::Array, 1) => Self::AnyValue,
            (Self::AnyValue, 5) => Self::Array,
            (Self::AnyValue, 6) => Self::Pairs,
            (Self::Pairs, 1) => Self::KeyValue,
            _ => return None,
        })
    }
}

/// Goes through the fields of a message; nothing when the parts are used up.
fn walk(mut message: &[u8], level: Level, depth: usize, left: &mut usize) -> Option<()> {
    while let Some((field, rest)) = field(message) {
        message = rest;
        let Some((number, inner)) = field else { continue };
        let Some(below) = level.below(number) else { continue };
        *left = left.checked_sub(1)?;
        if depth < MOST_LEVELS {
            walk(inner, below, depth + 1, left)?;
        }
    }
    Some(())
}

/// One field that holds bytes: its number and them.
type Held<'m> = Option<(u64, &'m [u8])>;

/// Takes one field off a message: what it holds if that is bytes, and what follows it. Nothing at the end and where it is broken.
fn field(message: &[u8]) -> Option<(Held<'_>, &[u8])> {
    let (key, rest) = number(message)?;
    match key & 7 {
        0 => number(rest).map(|(_, rest)| (None, rest)),
        1 => rest.get(8..).map(|rest| (None, rest)),
        5 => rest.get(4..).map(|rest| (None, rest)),
        2 => {
            let (length, rest) = number(rest)?;
            let (inner, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            Some((Some((key >> 3, inner)), rest))
        }
        _ => None,
    }
}

/// A number of variable length (protobuf, "Base 128 Varints").
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0u64;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field with bytes in it, short enough for one byte of length.
    fn within(field: u8, inner: &[u8]) -> Vec<u8> {
        let length = u8::try_from(inner.len()).expect("short");
        [&[field << 3 | 2, length], inner].concat()
    }

    #[test]
    fn empty_metrics_are_counted_before_they_are_made() {
        let metrics = within(2, &[]).repeat(50);
        let body = within(1, &within(2, &metrics));
        assert_eq!(protobuf(&body, 52), Ok(()));
        assert_eq!(protobuf(&body, 51), Err(Refusal::TooManyParts { most: 51 }));
    }

    #[test]
    fn what_is_nested_in_attributes_is_counted() {
        // Resource, attribute, value, array, 20 values.
        let array = within(1, &[]).repeat(20);
        let attribute = within(1, &within(2, &within(5, &array)));
        let body = within(1, &within(1, &attribute));
        assert_eq!(protobuf(&body, 25), Ok(()));
        assert_eq!(protobuf(&body, 24), Err(Refusal::TooManyParts { most: 24 }));
    }

    #[test]
    fn texts_and_packed_numbers_weigh_nothing_and_junk_breaks_nothing() {
        let metric = [within(1, b"name"), within(7, &within(6, &[0; 80]))].concat();
        let body = within(1, &within(2, &within(2, &metric)));
        // Resource metrics, scope metrics, metric, data.
        assert_eq!(protobuf(&body, 4), Ok(()));
        for end in 0..body.len() {
            assert_eq!(protobuf(&body[..end], 4), Ok(()), "cut at {end}");
        }
        assert_eq!(protobuf(&[0xff; 40], 0), Ok(()));
    }

    #[test]
    fn objects_of_json_are_counted() {
        assert_eq!(json(b"[{},{},{}]", 3), Ok(()));
        assert_eq!(json(b"[{},{},{}]", 2), Err(Refusal::TooManyParts { most: 2 }));
    }
}
