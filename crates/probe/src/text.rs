//! Text of strangers, made fit to be shown: control characters cannot act, and nothing is endless.

/// So many characters of a stranger's text are shown: a line of a terminal, about.
const MOST: usize = 100;

/// Shows a text in one line: what would act on a terminal or turn the direction of writing is escaped, what is too long is cut
/// with a mark.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    for character in characters.by_ref().take(MOST) {
        if acts(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    if characters.next().is_some() {
        out.push('…');
    }
    out
}

/// As [`shown`], of bytes that may be no text.
pub(crate) fn shown_bytes(bytes: &[u8]) -> String {
    // A character has at most four bytes; more than the shown ones need not be looked at.
    let most = bytes.len().min((MOST + 1) * 4);
    shown(&String::from_utf8_lossy(&bytes[..most]))
}

/// Control characters (category Cc), separators of lines and paragraphs, and marks without width that hide or turn text
/// (Unicode Standard Annex 9, section 2).
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_is_shown_and_what_is_long_is_cut() {
        assert_eq!(shown("a\x1b[2Jb\r\n\u{202e}c é"), "a\\u{1b}[2Jb\\u{d}\\u{a}\\u{202e}c é");
        assert_eq!(shown(&"x".repeat(MOST)).len(), MOST);
        assert_eq!(shown(&"é".repeat(5_000)), format!("{}…", "é".repeat(MOST)));
        assert_eq!(shown_bytes(b"\xff\x00z"), "\u{fffd}\\u{0}z");
        assert_eq!(shown_bytes(&[b'x'; 9_000]), format!("{}…", "x".repeat(MOST)));
    }
}
