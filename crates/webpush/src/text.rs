//! Words of a push service, which are foreign and may hold what only we and the service should know.

use reqwest::Url;

/// The longest words in bytes.
const LONGEST: usize = 200;

/// A run of so many letters, digits, `-` and `_` is a token; no word of a refusal is as long.
const TOKEN: usize = 24;

/// A part of an address with so many characters is looked for. Shorter ones are `push`, `send` and `v1`.
const PART: usize = 6;

/// Makes words harmless: one line, without control characters and marks that turn the direction of writing, without tokens,
/// without parts of the endpoint behind its host, cut.
pub(crate) fn harmless(words: &str, endpoint: &Url) -> String {
    let behind = [endpoint.path(), endpoint.query().unwrap_or_default()];
    // Written out, the escapes would be other letters, and would not be found.
    if behind.iter().any(|part| part.contains('%')) {
        return String::new();
    }
    let mut shown: String = words.chars().map(|c| if is_obeyed(c) { ' ' } else { c }).collect();
    let mut parts: Vec<&str> =
        behind.iter().flat_map(|part| part.split(|c| !is_of_token(c))).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    for part in parts.into_iter().filter(|part| part.len() >= PART) {
        shown = shown.replace(part, "…");
    }
    cut(&without_tokens(&shown))
}

fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// What a terminal or a page would obey instead of showing it.
fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn without_tokens(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let flush = |run: &mut String, shown: &mut String| {
        shown.push_str(if run.len() < TOKEN { run } else { "…" });
        run.clear();
    };
    let mut run = String::new();
    for c in text.chars() {
        if is_of_token(c) {
            run.push(c);
        } else {
            flush(&mut run, &mut shown);
            shown.push(c);
        }
    }
    flush(&mut run, &mut shown);
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    format!("{}…", text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &str) -> String {
        harmless(
            words,
            &"https://push.example.org/v1/canary?key=secret".parse().expect("an address"),
        )
    }

    #[test]
    fn words_are_shown_and_not_obeyed() {
        assert_eq!(said("\x1b[31mno\r\n\t such\u{202e} key\0"), "[31mno such key");
        assert_eq!(
            said(r#"{"reason":"VapidPkHashMismatch"}"#),
            r#"{"reason":"VapidPkHashMismatch"}"#
        );
        let long = "é ".repeat(150);
        assert!(said(&long).len() <= LONGEST + '…'.len_utf8() && said(&long).ends_with("é…"));
    }

    #[test]
    fn nothing_behind_the_host_is_said() {
        assert_eq!(said("no /v1/canary?key=secret here"), "no /v1/…?key=… here");
        assert_eq!(said("t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.a"), "t=….a");
        let escaped = "https://push.example.org/c%61nary".parse().expect("an address");
        assert_eq!(harmless("no canary", &escaped), "");
    }
}
