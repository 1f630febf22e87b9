//! Content lines of RFC 5545, section 3.1: escaped, folded at 75 octets, ended by CRLF.

/// The longest line in octets, without its end.
const WIDTH: usize = 75;

/// A calendar in the making.
#[derive(Debug, Default)]
pub struct Lines {
    out: String,
}

impl Lines {
    /// Writes a property whose value has a form of its own: dates, rules, identifiers.
    pub fn raw(&mut self, name: &str, value: &str) {
        let mut width = 0;
        for letter in name.chars().chain([':']).chain(value.chars()) {
            if width + letter.len_utf8() > WIDTH {
                self.out.push_str("\r\n ");
                width = 1;
            }
            self.out.push(letter);
            width += letter.len_utf8();
        }
        self.out.push_str("\r\n");
    }

    /// Writes a property whose value is text.
    pub fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for letter in value.trim().replace("\r\n", "\n").chars() {
            match letter {
                '\\' | ';' | ',' => escaped.extend(['\\', letter]),
                '\n' => escaped.push_str("\\n"),
                control if control.is_control() => {}
                other => escaped.push(other),
            }
        }
        self.raw(name, &escaped);
    }

    /// The calendar's text.
    pub fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_long_lines_are_folded_between_letters() {
        let mut lines = Lines::default();
        lines.text("SUMMARY", "a;b,c\\d\ne\u{7}");
        lines.text("DESCRIPTION", &"ä".repeat(60));
        let text = lines.finish();
        assert!(text.starts_with("SUMMARY:a\\;b\\,c\\\\d\\ne\r\nDESCRIPTION:ää"), "{text}");
        assert!(text.split("\r\n").all(|line| line.len() <= WIDTH), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.ends_with(&format!("DESCRIPTION:{}\r\n", "ä".repeat(60))));
    }
}
