//! Text of strangers, made fit to be shown, and bytes as hexadecimal digits.

/// So many characters of a stranger's text are shown: two lines of a terminal, about.
const MOST: usize = 200;

/// Shows a text in one line: what would act on a terminal or turn the direction of writing is escaped, what is too long is cut
/// with a mark.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.trim().chars();
    for character in characters.by_ref().take(MOST) {
        match character {
            '\n' | '\t' => out.push(' '),
            character if acts(character) => out.extend(character.escape_unicode()),
            character => out.push(character),
        }
    }
    if characters.next().is_some() {
        out.push('…');
    }
    out
}

/// As [`shown`], of bytes that may be no text.
pub(crate) fn shown_bytes(bytes: &[u8]) -> String {
    // A character has at most four bytes; more than the shown ones need not be looked at, but for what is trimmed.
    let most = bytes.len().min((MOST + 1) * 8);
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

/// Bytes as hexadecimal digits, as `od` prints them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hexadecimal digits as bytes; none where they are no such digits.
pub(crate) fn unhex(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

/// Only what `od` prints: small letters.
fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_is_shown_and_what_is_long_is_cut() {
        assert_eq!(shown(" a\x1b[2Jb\r\nc\u{202e}d é\n"), "a\\u{1b}[2Jb\\u{d} c\\u{202e}d é");
        assert_eq!(shown(&"x".repeat(MOST)).len(), MOST);
        assert_eq!(shown(&"é".repeat(5_000)), format!("{}…", "é".repeat(MOST)));
        assert_eq!(shown_bytes(b"\xff\x00z"), "\u{fffd}\\u{0}z");
        assert_eq!(shown_bytes(&[b'x'; 9_000]), format!("{}…", "x".repeat(MOST)));
    }

    #[test]
    fn digits_are_bytes_and_nothing_else_is() {
        assert_eq!(unhex(&hex(b"\x00\xffok")).as_deref(), Some(&b"\x00\xffok"[..]));
        assert_eq!(unhex("").as_deref(), Some(&b""[..]));
        for wrong in ["0", "0g", "+1", " 1", "0A", "é"] {
            assert_eq!(unhex(wrong), None, "{wrong}");
        }
    }
}
