//! Foreign text: shown instead of obeyed, redacted, cut.

use std::collections::BTreeMap;

use serde_json::Value;

/// Takes out of a text what nobody may read later. It is called with every text of a store before anything is cut from it.
pub type Redact<'r> = &'r (dyn Fn(&str) -> String + Send + Sync);

/// Most labels of a line, or attributes of a span.
const MOST_LABELS: usize = 32;

/// Longest value of a label in bytes.
const LONGEST_LABEL: usize = 512;

/// Longest words of a store in an error, in bytes.
const LONGEST_SAID: usize = 300;

/// How texts of one answer are treated.
#[derive(Clone, Copy)]
pub(crate) struct Scrub<'r> {
    pub(crate) redact: Redact<'r>,
    /// Longest line in bytes.
    pub(crate) line_bytes: usize,
}

impl std::fmt::Debug for Scrub<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scrub").field("line_bytes", &self.line_bytes).finish_non_exhaustive()
    }
}

impl Scrub<'_> {
    /// A line.
    pub(crate) fn line(&self, text: &str) -> String {
        self.all(text.trim_end_matches(['\r', '\n']), self.line_bytes)
    }

    /// A name, or the value of a label.
    pub(crate) fn name(&self, text: &str) -> String {
        self.all(text, LONGEST_LABEL)
    }

    /// What a store says of itself, on one line.
    pub(crate) fn said(&self, text: &str) -> String {
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.all(&one_line, LONGEST_SAID)
    }

    /// Labels, the first ones by name; those without a value are left out.
    pub(crate) fn labels<'a>(
        &self,
        labels: impl Iterator<Item = (&'a str, &'a Value)>,
    ) -> BTreeMap<String, String> {
        let written = labels.filter_map(|(name, value)| match value {
            Value::Null => None,
            Value::String(text) => Some((name, self.value(name, text))),
            other => Some((name, self.value(name, &other.to_string()))),
        });
        let mut all: BTreeMap<String, String> =
            written.map(|(name, value)| (self.name(name), value)).collect();
        while all.len() > MOST_LABELS {
            all.pop_last();
        }
        all
    }

    /// The value of a label: what it is called often says that it is a secret.
    fn value(&self, name: &str, text: &str) -> String {
        let (begin, plain) = (format!("{}=", harmless(name)), harmless(text));
        let (whole, alone) = ((self.redact)(&format!("{begin}{plain}")), (self.redact)(&plain));
        let left = match whole.strip_prefix(&begin) {
            Some(left) => left,
            None if alone != plain => &alone,
            None => "***",
        };
        cut(left, LONGEST_LABEL)
    }

    fn all(&self, text: &str, most: usize) -> String {
        cut(&(self.redact)(&harmless(text)), most)
    }
}

/// Shows what a terminal or a page would obey. Line ends and tabs stay: a stack trace is one text.
fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            // The pictures of control characters stand in their order at U+2400.
            '\0'..='\x1f' => shown.extend(char::from_u32(0x2400 + u32::from(c))),
            '\x7f' => shown.push('\u{2421}'),
            '\u{80}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => shown.extend(c.escape_unicode()),
            _ => shown.push(c),
        }
    }
    shown
}

/// Cuts a text at the end of a character, and says how much is gone.
fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let kept = text.get(..text.floor_char_boundary(most)).unwrap_or_default();
    format!("{kept}… ({} bytes more)", text.len() - kept.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrub(redact: Redact<'_>) -> Scrub<'_> {
        Scrub { redact, line_bytes: 8 }
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        let long = Scrub { redact: &|text| text.to_owned(), line_bytes: 100 };
        assert_eq!(long.line("\x1b[31mred\u{9b}0m\r\n"), "␛[31mred\\u{9b}0m");
        assert_eq!(long.line("a\u{202e}b\tc\nd\0"), "a\\u{202e}b\tc\nd␀");
    }

    #[test]
    fn a_line_is_cut_at_the_end_of_a_character_after_it_was_redacted() {
        let plain = |text: &str| text.to_owned();
        assert_eq!(scrub(&plain).line("1234567é9"), "1234567… (3 bytes more)");
        assert_eq!(scrub(&plain).line("12345678"), "12345678");
        // Half of a secret would not be recognized any more.
        let secret = |text: &str| text.replace("hunter2!", "***");
        assert_eq!(scrub(&secret).line("pw=hunter2!"), "pw=***");
    }

    #[test]
    fn labels_are_counted_and_redacted() {
        let values: Vec<(String, Value)> =
            (0..40).map(|n| (format!("l{n:02}"), Value::from(n))).collect();
        let secret = |text: &str| text.replace("31", "*");
        let labels = scrub(&secret).labels(values.iter().map(|(name, it)| (name.as_str(), it)));
        assert_eq!(labels.len(), 32);
        assert_eq!(labels.get("l30").map(String::as_str), Some("30"));
        assert_eq!(labels.get("l*").map(String::as_str), Some("*"));
    }
}
