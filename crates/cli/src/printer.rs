//! The printer: the only place that prints.
//!
//! Data goes to stdout, everything else to stderr. A reader who closes the pipe early (`| head`) is
//! not an error: the printer goes quiet and the command ends as if everything had been read.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::{Command, Stdio};

use crate::answer::Answer;
use crate::arguments::{ColorChoice, Format};
use crate::command_error::CommandError;
use crate::environment::Environment;
use crate::page::{Page, Tone, paint};

/// Knows who reads: a person or a machine, in color or not.
#[derive(Clone, Debug)]
pub(crate) struct Printer {
    format: Format,
    color_out: bool,
    color_err: bool,
    pager: Option<String>,
}

impl Printer {
    /// Decides from the options, the environment and the terminals.
    pub(crate) fn new(format: Format, choice: ColorChoice, environment: &Environment) -> Self {
        let wants = |is_terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && environment.allows_color,
        };
        let on_terminal = io::stdout().is_terminal();
        let pager =
            (on_terminal && format == Format::Human).then(|| environment.pager.clone()).flatten();
        Self {
            format,
            color_out: wants(on_terminal),
            color_err: wants(io::stderr().is_terminal()),
            pager,
        }
    }

    /// The format asked for.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Says whether a machine reads.
    pub(crate) fn is_machine(&self) -> bool {
        self.format == Format::Json
    }

    /// Shows an answer on stdout: as a page, or as JSON.
    pub(crate) fn show(&self, answer: &impl Answer) -> Result<(), CommandError> {
        match self.format {
            Format::Human => self.data(&self.page(answer)),
            Format::Json => self.data(&json(answer)),
            Format::Sarif | Format::Github | Format::Gitlab => Err(CommandError::usage(format!(
                "`--format {}` is for `council check`",
                self.format.name()
            ))
            .hint("use `--format human` or `--format json` here")),
        }
    }

    /// Shows an answer that may be long: through the reader's pager when stdout is a terminal.
    pub(crate) fn show_paged(&self, answer: &impl Answer) -> Result<(), CommandError> {
        let Some(pager) = &self.pager else { return self.show(answer) };
        let text = self.page(answer);
        // A pager that cannot be started is no reason to withhold the text.
        if page_through(pager, &text).is_err() {
            return self.data(&text);
        }
        Ok(())
    }

    /// Puts text on stdout as it is.
    pub(crate) fn data(&self, text: &str) -> Result<(), CommandError> {
        let mut out = io::stdout().lock();
        ignore_closed_pipe(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
            .map_err(|error| CommandError::failed("the output could not be written").why(error))
    }

    /// Says something beside the data, on stderr, when a person reads.
    pub(crate) fn note(&self, text: &str) {
        if self.format == Format::Human {
            self.say(text);
        }
    }

    /// Warns on stderr, whoever reads.
    pub(crate) fn warn(&self, text: &str) {
        let label = paint(self.color_err, Tone::Warning, "warning:");
        self.say(&format!("{label} {text}"));
    }

    /// Shows an error on stderr: for people in words, for machines as one JSON object.
    pub(crate) fn error(&self, error: &CommandError) {
        match self.format {
            Format::Human | Format::Sarif | Format::Github | Format::Gitlab => {
                self.say(error.render(self.color_err).trim_end());
            }
            Format::Json => self.say(json(error).trim_end()),
        }
    }

    /// Says whether stdout wants color, for renderers that make their own.
    pub(crate) fn color_out(&self) -> bool {
        self.color_out
    }

    /// Says whether stderr wants color, for renderers that make their own.
    pub(crate) fn color_err(&self) -> bool {
        self.color_err
    }

    /// Says a line on stderr, whoever reads.
    pub(crate) fn say(&self, text: &str) {
        // Nobody is left to tell when stderr itself is gone.
        drop(writeln!(io::stderr().lock(), "{text}"));
    }

    fn page(&self, answer: &impl Answer) -> String {
        let mut page = Page::new(self.color_out);
        answer.write(&mut page);
        page.finish()
    }
}

/// Renders a value as indented JSON with a newline at the end.
pub(crate) fn json(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value)
        .expect("BUG: answers have string keys and no fallible serializers");
    text.push('\n');
    text
}

fn page_through(pager: &str, text: &str) -> io::Result<()> {
    let mut words = pager.split_whitespace();
    let program = words.next().ok_or(io::ErrorKind::NotFound)?;
    // `F`: short pages are printed at once; `R`: colors pass; `X`: the text stays on the screen.
    let mut child =
        Command::new(program).args(words).env("LESS", "FRX").stdin(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        ignore_closed_pipe(stdin.write_all(text.as_bytes()))?;
    }
    child.wait().map(drop)
}

fn ignore_closed_pipe(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
