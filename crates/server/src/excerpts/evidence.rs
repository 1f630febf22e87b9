//! An excerpt as a line of an incident's timeline: what was asked of whom, and what came of it.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::{LogExcerpt, TraceList};

/// Most bytes of one piece of evidence: what a person reads in a timeline. The rest is where the question leads.
const MOST: usize = 12 << 10;

/// What becomes evidence.
pub(crate) enum Found<'f> {
    /// Lines.
    Logs(&'f LogExcerpt),
    /// Traces.
    Traces(&'f TraceList),
}

/// Where it comes from, when it happened, and the words. The moment is that of the first line, so that it stands where it belongs.
pub(crate) fn evidence(found: &Found<'_>) -> (String, Timestamp, String) {
    let (store, service, (from, to), asked, missing) = match found {
        Found::Logs(it) => (&it.store, &it.service, (it.from, it.to), &it.asked, &it.missing),
        Found::Traces(it) => (&it.store, &it.service, (it.from, it.to), &it.asked, &it.missing),
    };
    let (lines, truncated, first): (Vec<String>, _, _) = match found {
        Found::Logs(it) => (
            it.lines.iter().map(line).collect(),
            it.truncated,
            it.lines.first().map(|line| line.at),
        ),
        Found::Traces(it) => (
            it.found.iter().map(trace).collect(),
            it.truncated,
            it.found.first().map(|trace| trace.start),
        ),
    };
    let mut text = format!("`{service}` from {from:.0} to {to:.0}:\n");
    let mut shown = 0;
    for line in &lines {
        if text.len().saturating_add(line.len()) > MOST {
            break;
        }
        text.push_str(line);
        text.push('\n');
        shown += 1;
    }
    let left = lines.len().saturating_sub(shown);
    match (left, truncated) {
        (0, false) if lines.is_empty() => text.push_str("nothing was found\n"),
        (0, false) => {}
        (0, true) => text.push_str("and more\n"),
        (left, truncated) => {
            let more = if truncated { " and more" } else { "" };
            // Writing to a text cannot fail.
            let _ = writeln!(text, "and {left} others{more}");
        }
    }
    for sentence in missing {
        let _ = writeln!(text, "{sentence}");
    }
    let _ = write!(text, "asked: {asked}");
    (store.clone(), first.unwrap_or(to).min(to), text)
}

fn line(line: &super::LogLine) -> String {
    let severity = line.severity.map(|word| format!("{word} ")).unwrap_or_default();
    format!("{:.3} {severity}{}", line.at, line.text)
}

fn trace(trace: &super::TraceRow) -> String {
    let root = match trace.root_service.as_str() {
        "" => "root not there yet".to_owned(),
        service => format!("{service} {}", trace.root_name),
    };
    let errors = match trace.errors {
        None | Some(0) => String::new(),
        Some(errors) => format!(
            ", {}",
            diag::words::count(usize::try_from(errors).unwrap_or(usize::MAX), "error")
        ),
    };
    format!("{:.3} {} {root}, {:.0} ms{errors}", trace.start, trace.id, trace.milliseconds)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::excerpts::LogLine;

    fn excerpt(lines: usize, truncated: bool) -> LogExcerpt {
        let moment = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let line = |number: usize| LogLine {
            at: moment("2026-11-23T09:00:01Z"),
            severity: Some("error"),
            text: format!("{number} {}", "x".repeat(1_000)),
            labels: BTreeMap::new(),
        };
        LogExcerpt {
            store: "Loki".to_owned(),
            service: "shop".to_owned(),
            from: moment("2026-11-23T09:00:00Z"),
            to: moment("2026-11-23T10:00:00Z"),
            lines: (0..lines).map(line).collect(),
            truncated,
            total: None,
            missing: vec!["one store did not answer".to_owned()],
            link: None,
            asked: "{service=\"shop\"}".to_owned(),
        }
    }

    #[test]
    fn evidence_is_short_and_says_what_is_not_in_it() {
        let found = excerpt(30, true);
        let (store, at, text) = evidence(&Found::Logs(&found));
        assert_eq!((store.as_str(), at), ("Loki", found.lines[0].at));
        assert!(text.len() < MOST + 500, "{}", text.len());
        assert!(text.starts_with("`shop` from 2026-11-23T09:00:00Z to 2026-11-23T10:00:00Z:\n2026-11-23T09:00:01.000Z error 0 xxx"));
        assert!(
            text.ends_with(
                "and 19 others and more\none store did not answer\nasked: {service=\"shop\"}"
            ),
            "{text}"
        );
        let (_, at, text) = evidence(&Found::Logs(&excerpt(0, false)));
        assert_eq!(at, found.to, "what was not found, was not found up to the end");
        assert!(text.contains("nothing was found"), "{text}");
    }
}
