//! A new decision record, ready to be filled in.

use jiff::civil::Date;

/// What is known about a decision before its text is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline<'a> {
    /// Its title.
    pub title: &'a str,
    /// The decision type's name.
    pub decision_type: &'a str,
    /// Who proposes it.
    pub author: &'a str,
    /// The questions that it answers.
    pub answers: &'a [String],
    /// The options that are thinkable.
    pub options: &'a [String],
}

/// Writes the file of a new decision: front matter and MADR's headings.
pub fn outline(outline: &Outline<'_>, today: Date) -> String {
    let Outline { title, decision_type, author, answers, options } = outline;
    let answers = match answers {
        [] => String::new(),
        names => format!("answers: [{}]\n", names.join(", ")),
    };
    let options = match options {
        [] => "* …\n* …\n".to_owned(),
        options => options.iter().map(|option| format!("* {option}\n")).collect(),
    };
    format!(
        "---
status: draft
date: {today}
type: {decision_type}
author: {author}
{answers}---

# {title}

## Context and Problem Statement

…

## Considered Options

{options}
## Decision Outcome

Chosen option: \"…\", because …

### Consequences

* Good, because …
* Bad, because …

### Confirmation

How we will see that it is done and holds: …
"
    )
}

/// The file name of a new decision: the next number and the title's words.
pub fn file_name(title: &str, taken: impl Iterator<Item = u64>) -> String {
    let number = taken.max().unwrap_or(0) + 1;
    let slug = super::markdown::anchor(title);
    // A resource's name has at most 63 characters; five of them are the number and its dash.
    let slug: String = slug.chars().filter(char::is_ascii).take(50).collect();
    format!("{number:04}-{}.md", slug.trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::madr::Madr;

    #[test]
    fn the_outline_is_a_record_that_we_read_ourselves() {
        let options = ["ELK".to_owned(), "Loki".to_owned()];
        let text = outline(
            &Outline {
                title: "Use Loki",
                decision_type: "b",
                author: "ana",
                answers: &["logs".to_owned()],
                options: &options,
            },
            date(2026, 11, 22),
        );
        assert!(text.starts_with(
            "---\nstatus: draft\ndate: 2026-11-22\ntype: b\nauthor: ana\nanswers: [logs]\n---\n"
        ));
        let madr = Madr::parse(None, text.rsplit_once("---\n").unwrap().1);
        assert_eq!((madr.title.as_deref(), madr.options), (Some("Use Loki"), options.to_vec()));
        assert!(madr.outcome.is_some());
    }

    #[test]
    fn files_are_numbered_on() {
        assert_eq!(file_name("Use Loki, now!", [3, 11].into_iter()), "0012-use-loki-now.md");
        assert_eq!(file_name("Über", std::iter::empty()), "0001-ber.md");
    }
}
