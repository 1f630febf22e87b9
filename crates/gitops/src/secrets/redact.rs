//! Texts of others, before they are kept: more is taken out of them than a finding would be made of.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::{cover, scan};

/// A whole private key, with line ends as they are or as JSON writes them; to the end of the text where its own end is missing.
static KEY: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
    )
});

/// What signs a request in, to the end of its line or of its quotes.
static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r#"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key|x-auth-token)(\\?["']?\s*[:=]\s*\\?["']?)[^\r\n"'\\]+"#,
    )
});

/// A token where no header is named.
static BEARER: LazyLock<Regex> =
    LazyLock::new(|| expression(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"));

fn expression(text: &str) -> Regex {
    Regex::new(text).expect("BUG: our own expressions can be read")
}

/// The text without whatever looks like a secret: what [`scan`] finds, whole private keys, and what signs requests in. What looks
/// like nothing, such as a line from the middle of a key, stays.
#[must_use]
pub fn redact(text: &str) -> String {
    let text = KEY.replace_all(text, "(a private key)");
    let text = HEADER.replace_all(&text, "${1}${2}***");
    let text: Cow<'_, str> = BEARER.replace_all(&text, "${1} ***");
    let leaks = scan("", &text);
    if leaks.is_empty() { text.into_owned() } else { cover(&text, &leaks) }
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn keys_and_what_signs_in_are_taken_out_whole() {
        let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC";
        let ends = concat!("PRIVATE", " KEY-----");
        for (text, left) in [
            (
                format!("a -----BEGIN {ends}\n{body}\n{body}\n-----END {ends} b"),
                "a (a private key) b",
            ),
            (format!("a -----BEGIN {ends}\\n{body}\\n{body}"), "a (a private key)"),
            ("Authorization: Bearer abcdef0123".to_owned(), "Authorization: ***"),
            (
                "{\"cookie\": \"sid=abc; b=c\", \"n\": 1}".to_owned(),
                "{\"cookie\": \"***\", \"n\": 1}",
            ),
            ("sent basic YWxhZGRpbjpvcGVu to it".to_owned(), "sent basic *** to it"),
            ("GET /cart 200 in 12 ms".to_owned(), "GET /cart 200 in 12 ms"),
        ] {
            assert_eq!(redact(&text), left);
        }
        assert!(!redact("db_password=hunter2hunter2X9").contains("hunter2"));
    }
}
