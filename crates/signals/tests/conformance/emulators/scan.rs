//! Reads the query languages of the emulators from left to right.

/// What is left to read.
pub(crate) struct Scanner<'t>(pub(crate) &'t str);

impl Scanner<'_> {
    /// Reads exactly this, after blanks.
    pub(crate) fn eat(&mut self, word: &str) -> bool {
        self.0 = self.0.trim_start();
        match self.0.strip_prefix(word) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Reads exactly this or fails.
    pub(crate) fn need(&mut self, word: &str) -> Result<(), String> {
        if self.eat(word) { Ok(()) } else { Err(format!("expected {word} at: {}", self.0)) }
    }

    /// Reads letters, digits and these marks.
    pub(crate) fn word(&mut self, marks: &str) -> String {
        self.0 = self.0.trim_start();
        let end = self.0.find(|c: char| !c.is_ascii_alphanumeric() && !marks.contains(c));
        let (word, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        word.to_owned()
    }

    /// Reads a string in double quotes with the escapes of Go.
    pub(crate) fn string(&mut self) -> Result<String, String> {
        self.need("\"")?;
        let mut text = String::new();
        let mut chars = self.0.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.0 = self.0.split_at(at + 1).1;
                    return Ok(text);
                }
                '\\' => match chars.next().ok_or("a string ends in a backslash")?.1 {
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    'u' => {
                        let digits: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                        let code = u32::from_str_radix(&digits, 16).map_err(|e| e.to_string())?;
                        text.push(char::from_u32(code).ok_or("no character")?);
                    }
                    c @ ('"' | '\\') => text.push(c),
                    other => return Err(format!("unknown escape \\{other}")),
                },
                '\n' => return Err("a line ends in a string".to_owned()),
                c => text.push(c),
            }
        }
        Err("a string does not end".to_owned())
    }

    /// Whether all is read.
    pub(crate) fn is_done(&self) -> bool {
        self.0.trim().is_empty()
    }
}

/// The words of a text as the stores' standard analyser finds them.
pub(crate) fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Whether the words of a phrase stand in a text one after the other; a phrase without words matches nothing.
pub(crate) fn has_phrase(text: &str, phrase: &str) -> bool {
    let (text, phrase) = (words(text), words(phrase));
    !phrase.is_empty() && text.windows(phrase.len()).any(|window| window == phrase)
}
