//! Text in the query languages of the stores, so that no text can end its quotes.

use std::fmt::Write as _;

/// A string of LogQL and TraceQL, which are Go's (the language's specification, "String literals").
pub(crate) fn go(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => drop(write!(quoted, "\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A phrase of Lucene's query syntax and of Kibana's query language: in quotes, only quotes and backslashes mean something.
pub(crate) fn phrase(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A string of Rison, in which Kibana and OpenSearch Dashboards keep what a page shows.
pub(crate) fn rison(text: &str) -> String {
    format!("'{}'", text.replace('!', "!!").replace('\'', "!'"))
}

/// A part of an address's query or fragment: all but letters, digits and a few harmless marks as `%xx`.
pub(crate) fn percent(text: &str) -> String {
    let mut quoted = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b'!'
            | b'('
            | b')' => {
                quoted.push(char::from(byte));
            }
            b'*' | b',' | b':' => quoted.push(char::from(byte)),
            _ => drop(write!(quoted, "%{byte:02X}")),
        }
    }
    quoted
}

/// A name of a field in Lucene's query syntax, whose marks are escaped outside of quotes.
pub(crate) fn field(name: &str) -> String {
    let mut quoted = String::new();
    for c in name.chars() {
        if !c.is_alphanumeric() && c != '_' && c != '.' && c != '@' {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}

/// Whether Loki takes this as the name of a label.
pub(crate) fn is_label(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_quotes() {
        let hostile = "a\"} or \\{\n\u{1}é'!";
        assert_eq!(go(hostile), r#""a\"} or \\{\n\u0001é'!""#);
        assert_eq!(phrase(hostile), r#""a\"} or \\{  é'!""#);
        assert_eq!(rison("it's!"), "'it!'s!!'");
        assert_eq!(percent("a b&c#'é"), "a%20b%26c%23%27%C3%A9");
        assert_eq!(field("a:b c"), "a\\:b\\ c");
        assert!(is_label("service_name") && !is_label("service.name") && !is_label("1a"));
    }
}
