//! A page of text for a person, with as much color as the reader's terminal wants.
//!
//! Commands write words and say what they mean ([`Tone`]); only this file knows escape codes.

use std::fmt::Display;

use clap::builder::styling::{AnsiColor, Style};

use crate::table::Table;

/// What a piece of text means, and thereby how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// A heading.
    Heading,
    /// Said beside the matter: places, counts, hints.
    Quiet,
    /// What can be typed or referred to.
    Name,
    /// Good.
    Good,
    /// A gap or a risk.
    Warning,
    /// Wrong.
    Error,
}

impl Tone {
    fn style(self) -> Style {
        let style = Style::new();
        match self {
            Self::Heading => style.bold(),
            Self::Quiet => style.dimmed(),
            Self::Name => style.fg_color(Some(AnsiColor::Cyan.into())),
            Self::Good => style.fg_color(Some(AnsiColor::Green.into())),
            Self::Warning => style.fg_color(Some(AnsiColor::Yellow.into())),
            Self::Error => style.fg_color(Some(AnsiColor::Red.into())).bold(),
        }
    }
}

/// Text under construction.
#[derive(Debug)]
pub(crate) struct Page {
    text: String,
    color: bool,
}

impl Page {
    /// Starts an empty page.
    pub(crate) fn new(color: bool) -> Self {
        Self { text: String::new(), color }
    }

    /// Gives a piece of text its tone.
    pub(crate) fn tone(&self, tone: Tone, text: impl Display) -> String {
        paint(self.color, tone, text)
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, text: impl Display) {
        self.text.push_str(text.to_string().trim_end());
        self.text.push('\n');
    }

    /// Adds an empty line, unless the page is empty or already ends in one.
    pub(crate) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Adds a heading with a gap above.
    pub(crate) fn heading(&mut self, text: impl Display) {
        self.gap();
        let heading = self.tone(Tone::Heading, text);
        self.line(heading);
    }

    /// Adds a table.
    pub(crate) fn table(&mut self, table: &Table) {
        let heading = |text: &str| paint(self.color, Tone::Quiet, text);
        self.text.push_str(&table.render(heading));
    }

    /// Adds text as it is.
    pub(crate) fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Ends the page; a gap at its end is dropped.
    pub(crate) fn finish(mut self) -> String {
        if self.text.ends_with("\n\n") {
            self.text.pop();
        }
        self.text
    }
}

/// Wraps text in the escape codes of a tone, if color is wanted.
pub(crate) fn paint(color: bool, tone: Tone, text: impl Display) -> String {
    if color {
        let style = tone.style();
        format!("{style}{text}{style:#}")
    } else {
        text.to_string()
    }
}
