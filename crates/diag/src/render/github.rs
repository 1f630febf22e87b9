//! As GitHub workflow commands, which the runner turns into annotations of the pull request.

use std::fmt::Write as _;

use super::Sources;
use super::located::Lines;
use crate::words::printable;
use crate::{Diagnostic, Severity};

/// Renders one workflow command a line, escaped as the runner unescapes them.
pub fn github(diagnostics: &[Diagnostic], sources: &dyn Sources) -> String {
    let mut lines = Lines::new(sources);
    let mut output = String::new();
    for one in diagnostics {
        let command = match one.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let (start, end) = lines.range(&one.place);
        let file = property(&sources.shown(&one.place.file));
        let mut columns = format!("col={}", start.column);
        // The runner accepts an end column only on a single line.
        if start.line == end.line && end.column > start.column {
            columns = format!("{columns},endColumn={}", end.column);
        }
        let parts = [Some(one.message.as_str()), one.why.as_deref(), one.hint.as_deref()];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join("\n");
        let written = writeln!(
            output,
            "::{command} file={file},line={},endLine={},{columns},title={}::{}",
            start.line,
            end.line,
            property(one.code.0),
            data(&text)
        );
        debug_assert!(written.is_ok(), "BUG: writing to a string cannot fail");
    }
    output
}

fn data(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::sample::{self, Files};
    use super::*;
    use crate::Place;

    #[test]
    fn commands_carry_place_code_and_text() {
        let text = github(&sample::diagnostics(), &sample::files());
        let expected = "::error file=seats.yaml,line=3,endLine=3,col=12,endColumn=23,title=PLB010::\
            there is no `person/añna`%0Anobody of this name%0Awrite `person/anna`\n\
            ::warning file=gone.yaml,line=1,endLine=1,col=1,title=ORG004::no backup: 100%25, \"x\"\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn input_cannot_start_a_command_of_its_own() {
        let finding =
            Diagnostic::new(&sample::RULE, Place::whole_file("a,b:c\n::x"), "x\r\n::error::boo");
        let text = github(&[finding], &Files(Vec::new()));
        assert_eq!(text.lines().count(), 1);
        assert!(text.contains("file=a%2Cb%3Ac%0A%3A%3Ax,"), "{text}");
    }
}
