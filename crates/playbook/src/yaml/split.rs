//! Splits a text into its documents at `---` and `...`.
//!
//! YAML forbids both markers at the start of a line inside of any scalar (specification 1.2.2,
//! production `c-forbidden`), so that splitting needs no parser, and a broken document cannot take
//! the next one with it.

/// One document of a file, without its marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chunk<'t> {
    /// The text.
    pub(crate) text: &'t str,
    /// Where it starts in the whole text.
    pub(crate) start: usize,
    /// Whether it stands after a `---`.
    pub(crate) marked: bool,
}

/// Finds the documents of a text, including empty ones.
pub(crate) fn chunks(text: &str) -> Chunks<'_> {
    Chunks { text, next: Some((0, false)) }
}

pub(crate) struct Chunks<'t> {
    text: &'t str,
    next: Option<(usize, bool)>,
}

impl<'t> Iterator for Chunks<'t> {
    type Item = Chunk<'t>;

    fn next(&mut self) -> Option<Chunk<'t>> {
        let (start, marked) = self.next.take()?;
        // A marker in the very first line ends the empty text before it.
        let found =
            if start == 0 && marker(self.text) { Some(0) } else { next_marker(self.text, start) };
        let end = found.unwrap_or(self.text.len());
        if let Some(at) = found {
            let opens = self.text.as_bytes().get(at) == Some(&b'-');
            self.next = Some((at + 3, opens));
        }
        Some(Chunk { text: self.text.get(start..end).unwrap_or_default(), start, marked })
    }
}

/// The start of the next line that is a marker, searching from the end of the line at `from`.
pub(crate) fn next_marker(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += memchr::memchr(b'\n', bytes.get(at..)?)? + 1;
        if marker(text.get(at..)?) {
            return Some(at);
        }
    }
}

/// Says whether a text starts with a marker: three dashes or dots and then white space or the end.
pub(crate) fn marker(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes.get(..3), Some(b"---" | b"..."))
        && matches!(bytes.get(3), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(&str, usize, bool)> {
        chunks(text).map(|Chunk { text, start, marked }| (text, start, marked)).collect()
    }

    #[test]
    fn documents_are_split_at_markers() {
        assert_eq!(split("a: 1\n"), [("a: 1\n", 0, false)]);
        assert_eq!(
            split("---\na\n--- b\n...\n%X\n---"),
            [
                ("", 0, false),
                ("\na\n", 3, true),
                (" b\n", 9, true),
                ("\n%X\n", 15, false),
                ("", 22, true),
            ]
        );
    }

    #[test]
    fn what_only_looks_like_a_marker_is_text() {
        assert_eq!(split("a: |\n  ---\n----\n---x\n").len(), 1);
    }
}
