//! Alertmanager's written matchers: `{alertname="Down", service=~"api|web"}`, with or without braces.
//!
//! A value may stand without quotes when it has no space, comma, brace, quote or sign in it.

use thiserror::Error;

use super::matcher::Ready;
use super::{Matcher, Operator};

/// Why matchers could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("at character {}: {problem}", .at + 1)]
pub struct BadMatcher {
    /// The character, counted from 0.
    pub at: usize,
    /// What is wrong there.
    pub problem: String,
}

/// Reads matchers. None at all is allowed; whoever needs one says so.
///
/// # Errors
/// The first place that cannot be read.
pub fn parse_matchers(text: &str) -> Result<Vec<Matcher>, BadMatcher> {
    let characters: Vec<char> = text.chars().collect();
    let mut reader = Reader { characters, at: 0 };
    reader.blank();
    let braced = reader.take('{');
    let mut matchers = Vec::new();
    loop {
        reader.blank();
        if reader.peek().is_none() || reader.peek() == Some('}') {
            break;
        }
        matchers.push(reader.matcher()?);
        reader.blank();
        if !reader.take(',') {
            break;
        }
    }
    reader.blank();
    if braced && !reader.take('}') {
        return Err(reader.bad("the brace is not closed; write `}`"));
    }
    reader.blank();
    match reader.peek() {
        None => Ok(matchers),
        Some('}') => Err(reader.bad("no brace was opened; write `{` at the beginning")),
        Some(_) => Err(reader.bad("a comma has to stand between two matchers")),
    }
}

struct Reader {
    characters: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn blank(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn bad(&self, problem: impl Into<String>) -> BadMatcher {
        BadMatcher { at: self.at, problem: problem.into() }
    }

    fn matcher(&mut self) -> Result<Matcher, BadMatcher> {
        let name = if self.peek() == Some('"') { self.quoted()? } else { self.bare() };
        if name.is_empty() {
            return Err(self.bad("the name of a label is missing"));
        }
        self.blank();
        let operator = self.operator()?;
        self.blank();
        let begins = self.at;
        let value = if self.peek() == Some('"') { self.quoted()? } else { self.bare() };
        let matcher = Matcher { name, operator, value };
        match Ready::of(&matcher) {
            Ok(_) => Ok(matcher),
            Err(problem) => {
                let problem = format!("`{}` is no regular expression: {problem}", matcher.value);
                Err(BadMatcher { at: begins, problem })
            }
        }
    }

    fn operator(&mut self) -> Result<Operator, BadMatcher> {
        let operator = match (self.peek(), self.characters.get(self.at + 1)) {
            (Some('='), Some('~')) => Operator::Matches,
            (Some('='), _) => Operator::Equal,
            (Some('!'), Some('=')) => Operator::NotEqual,
            (Some('!'), Some('~')) => Operator::NotMatches,
            _ => return Err(self.bad("one of `=`, `!=`, `=~`, `!~` has to follow the label")),
        };
        self.at += operator.sign().len();
        Ok(operator)
    }

    fn bare(&mut self) -> String {
        let begins = self.at;
        let ends = |found: char| found.is_whitespace() || "{},=!~\"'`".contains(found);
        while self.peek().is_some_and(|found| !ends(found)) {
            self.at += 1;
        }
        self.characters[begins..self.at].iter().collect()
    }

    fn quoted(&mut self) -> Result<String, BadMatcher> {
        let begins = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(found) = self.peek() {
            self.at += 1;
            match found {
                '"' => return Ok(text),
                '\\' => {
                    let escaped = self.peek().unwrap_or('\\');
                    self.at += 1;
                    match escaped {
                        'n' => text.push('\n'),
                        '"' | '\\' => text.push(escaped),
                        // A regular expression keeps its own escapes, as in `"\d+"`.
                        other => text.extend(['\\', other]),
                    }
                }
                other => text.push(other),
            }
        }
        Err(BadMatcher { at: begins, problem: "the quote is not closed".to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = match parse_matchers(text) {
            Ok(found) => found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Err(bad) => bad.to_string(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn matchers_read_as_alertmanager_writes_them() {
        check(
            r#"{alertname="Down", service=~"api|web",}"#,
            r#"alertname="Down" service=~"api|web""#,
        );
        check("alertname=Down,team!=core", r#"alertname="Down" team!="core""#);
        check(r#" "été" != "a\"b\\c" "#, r#"été!="a\"b\\c""#);
        check(r#"instance=~"\d+""#, r#"instance=~"\\d+""#);
        check("team=", r#"team="""#);
        check("{}", "");
    }

    #[test]
    fn what_cannot_be_read_is_pointed_at() {
        check("{a=\"b\"", "at character 7: the brace is not closed; write `}`");
        check("a=b c=d", "at character 5: a comma has to stand between two matchers");
        check("a", "at character 2: one of `=`, `!=`, `=~`, `!~` has to follow the label");
        check("=x", "at character 1: the name of a label is missing");
        check("a=\"b", "at character 3: the quote is not closed");
        check("a=b}", "at character 4: no brace was opened; write `{` at the beginning");
        check("é=~\"(\"", "at character 4: `(` is no regular expression: unclosed group");
    }
}
