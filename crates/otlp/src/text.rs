//! Text of strangers, made fit to be shown.

/// So many characters of a stranger's text are shown.
const MOST: usize = 100;

/// Shows a text in one line: control characters and marks that turn the direction of writing are escaped, the rest is cut.
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
        assert_eq!(shown("a\x1b[2J\n\u{202e}é"), "a\\u{1b}[2J\\u{a}\\u{202e}é");
        assert_eq!(shown(&"é".repeat(500)), format!("{}…", "é".repeat(MOST)));
    }
}
