//! Makes text from outside safe and short enough to stand in a message.

use std::borrow::Cow;

/// Longest piece of user input that a message repeats, in characters. A name has at most 63, so
/// that every legal name is shown whole; whatever is longer is a paste that nobody wants repeated.
pub const QUOTE_LIMIT: usize = 72;

/// Puts user input in backticks, on one line, printable and no longer than [`QUOTE_LIMIT`].
pub fn quote(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTE_LIMIT).map(visible).collect();
    if text.chars().nth(QUOTE_LIMIT).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Makes every character visible that could steer a terminal or reorder a line; newlines and tabs
/// stay as they are.
pub fn printable(text: &str) -> Cow<'_, str> {
    let harmless =
        |character: char| matches!(character, '\n' | '\t') || visible(character) == character;
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let keep = |character: char| match character {
        '\n' | '\t' => character,
        other => visible(other),
    };
    Cow::Owned(text.chars().map(keep).collect())
}

/// Control characters become their pictures (`␛`), and marks that change the direction of writing
/// or take no room become `�`, so that what is shown is what stands there.
pub fn visible(character: char) -> char {
    match character {
        '\0'..='\u{1f}' => {
            char::from_u32(0x2400 + u32::from(character)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\u{7f}' => '␡',
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => char::REPLACEMENT_CHARACTER,
        other => other,
    }
}

/// Counts a noun: `1 error`, `2 errors`, `no errors` is left to the caller.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_become_pictures() {
        assert_eq!(quote("\u{1b}[31mred\n"), "`␛[31mred␊`");
        assert_eq!(printable("a\u{9b}31m\u{202e}b\n"), "a�31m�b\n");
    }

    #[test]
    fn long_input_is_cut_with_an_ellipsis() {
        let quoted = quote(&"ä".repeat(100_000));
        assert_eq!(quoted.chars().count(), QUOTE_LIMIT + 3);
        assert!(quoted.ends_with("…`"));
    }

    #[test]
    fn harmless_text_is_borrowed() {
        assert!(matches!(printable("plain\ttext\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn nouns_are_counted() {
        assert_eq!([count(1, "error"), count(3, "file")], ["1 error", "3 files"]);
    }
}
