//! Renders figures as a Markdown document.

use std::fmt::Write as _;

use crate::bench::{Chapter, Figure};

/// The whole document.
pub(crate) fn document(sections: &[String]) -> String {
    let head = "# Benchmarks\n\nWritten by `cargo xtask bench`; every table was measured in one run on one machine, ours and peer side by\nside. A ratio above 1 in the last column means that council is that many times better than what it is held against.\n";
    sections
        .iter()
        .fold(head.to_owned(), |text, section| format!("{text}\n{}\n", section.trim_end()))
}

/// One chapter with its table, and where and when it was measured.
pub(crate) fn section(chapter: &Chapter, machine: &str, figures: &[Figure]) -> String {
    let mut text = format!("## {}\n\n{}\n\n", chapter.title, chapter.about);
    text.push_str(
        "| what | council | held against | its value | ratio |\n|---|---:|---|---:|---:|\n",
    );
    for figure in figures {
        row(&mut text, figure);
    }
    let _ = writeln!(text, "\n{machine}");
    text
}

/// A chapter as a document has it.
pub(crate) fn section_of(document: &str, title: &str) -> Option<String> {
    let mut parts = document.split("\n## ").skip(1);
    let part =
        parts.find(|part| part.strip_prefix(title).is_some_and(|rest| rest.starts_with('\n')))?;
    Some(format!("## {part}"))
}

fn row(text: &mut String, figure: &Figure) {
    let Figure { name, value, unit, peer, peer_value } = figure;
    let peer = peer.as_deref().unwrap_or("–");
    let (theirs, ratio) = match peer_value {
        Some(theirs) => (
            format!("{} {unit}", number(*theirs)),
            format!("{}×", number(ratio(*value, *theirs, unit))),
        ),
        None => ("–".to_owned(), "–".to_owned()),
    };
    let _ = writeln!(text, "| {name} | {} {unit} | {peer} | {theirs} | {ratio} |", number(*value));
}

/// How many times better ours is: for rates more is better, for times and sizes less is.
fn ratio(ours: f64, theirs: f64, unit: &str) -> f64 {
    let more_is_better = unit.ends_with("/s") || unit == "times";
    if more_is_better { ours / theirs } else { theirs / ours }
}

/// Three significant digits, thousands apart.
fn number(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let plain = format!("{value:.decimals$}");
    let (whole, fraction) =
        plain.split_once('.').map_or((plain.as_str(), None), |(a, b)| (a, Some(b)));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) && digit.is_ascii_digit() {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    fraction.map_or(grouped.clone(), |fraction| format!("{grouped}.{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_that_is_not_measured_again_stays_as_it_was() {
        let first = document(&["## A\n\nx\n".to_owned(), "## B\n\ny\n".to_owned()]);
        let kept = ["A", "B"].map(|title| section_of(&first, title).unwrap());
        assert_eq!(kept, ["## A\n\nx\n", "## B\n\ny\n"]);
        assert_eq!(document(&kept), first);
        assert_eq!(section_of(&first, "C"), None);
    }

    #[test]
    fn less_time_and_more_rate_are_both_better() {
        let time = Figure {
            name: "check".into(),
            value: 0.5,
            unit: "s".into(),
            peer: Some("other".into()),
            peer_value: Some(25.0),
        };
        let rate = Figure {
            name: "verify".into(),
            value: 1234.0,
            unit: "MB/s".into(),
            peer: Some("limit".into()),
            peer_value: Some(2468.0),
        };
        let scale = Figure {
            name: "writers".into(),
            value: 60.0,
            unit: "times".into(),
            peer: Some("wanted".into()),
            peer_value: Some(30.0),
        };
        let mut text = String::new();
        row(&mut text, &time);
        row(&mut text, &rate);
        row(&mut text, &scale);
        assert_eq!(
            text,
            "| check | 0.50 s | other | 25.0 s | 50.0× |\n| verify | 1,234 MB/s | limit | 2,468 MB/s | 0.50× |\n| writers | 60.0 times | wanted | 30.0 times | 2.00× |\n"
        );
    }
}
