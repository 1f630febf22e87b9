//! The description: does every section that the templates require say something?
//!
//! A section begins with a heading of any level, a line in bold, or a line `Risk: …`, because commit messages on
//! a plain Git server lose lines that begin with `#`. Comments of the template and words like "TBD" say nothing.

use std::collections::BTreeSet;

use diag::Diagnostic;
use playbook::{Model, Typed};

use super::facts::PullRequest;
use super::report::{Aspect, Part, State};
use super::rules::SECTION;
use crate::kinds::{ChangePolicy, ChangeTemplate, TemplateSection};

/// Words that fill a section without saying anything.
const EMPTY_WORDS: [&str; 8] = ["tbd", "todo", "n/a", "na", "-", "...", "…", "none yet"];

/// What a description says under a title; nothing when that says nothing.
pub fn section(text: &str, title: &str) -> Option<String> {
    let found = sections(text, &[title, "Description", "Risk", "Rollback", "Evidence"]);
    let body = found.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(title))?.1;
    (!is_empty(&body, "")).then(|| body.trim().to_owned())
}

/// The decisions of the playbook that a description names, as `decision/0012-vlans`.
pub fn cites(model: &Model, text: &str) -> BTreeSet<String> {
    let is_outside = |one: char| !(one.is_alphanumeric() || "-_./".contains(one));
    let words = text.split(is_outside).filter_map(|word| word.strip_prefix("decision/"));
    let names = words.map(|name| name.trim_end_matches(['.', '/']));
    names.filter_map(|name| model.find("decision", name)).map(|it| it.id.name.to_string()).collect()
}

pub(super) fn check(
    model: &Model,
    request: &PullRequest,
    policies: &[Typed<'_, ChangePolicy>],
) -> (Part, Vec<Diagnostic>) {
    let part = |state, text: String| (Part::new(Aspect::Description, state, text), Vec::new());
    let mut templates: Vec<Typed<'_, ChangeTemplate>> =
        policies.iter().filter_map(|policy| model.follow(policy.spec.template.as_ref()?)).collect();
    templates.dedup_by_key(|template| template.resource.id.clone());
    if templates.is_empty() {
        return part(State::Skipped, "no template says what it must contain".to_owned());
    }
    let Some(text) = request.description.as_deref() else {
        return part(State::Skipped, "the description is not known".to_owned());
    };
    let titles: Vec<&str> = templates
        .iter()
        .flat_map(|template| template.spec.sections.iter())
        .map(|section| section.title.as_str())
        .collect();
    let sections = sections(text, &titles);
    let mut missing = Vec::new();
    let mut findings = Vec::new();
    for template in &templates {
        for wanted in template.spec.sections.iter().filter(|section| section.required) {
            if says_something(&sections, wanted) {
                continue;
            }
            missing.push(wanted.title.as_str());
            findings.push(finding(*template, wanted));
        }
    }
    match missing.as_slice() {
        [] => part(State::Passed, "every required section says something".to_owned()),
        missing => {
            let text = format!("nothing is said under {}", missing.join(", "));
            (Part::new(Aspect::Description, State::Failed, text), findings)
        }
    }
}

fn finding(template: Typed<'_, ChangeTemplate>, wanted: &TemplateSection) -> Diagnostic {
    let title = &wanted.title.value;
    let message = format!("the description says nothing under `{title}`");
    Diagnostic::new(&SECTION, template.resource.at(wanted.title.span), message)
        .why(format!("it answers: {}", wanted.asks))
        .hint(format!("add a heading `## {title}` (or a line `{title}: …`) and answer below it"))
        .subject(template.resource.id.to_string())
}

fn says_something(sections: &[(String, String)], wanted: &TemplateSection) -> bool {
    sections
        .iter()
        .filter(|(title, _)| title.eq_ignore_ascii_case(&wanted.title))
        .any(|(_, body)| !is_empty(body, &wanted.asks))
}

fn is_empty(body: &str, question: &str) -> bool {
    let body = body.trim().trim_matches(['*', '_', '>', '-', ' ']).trim();
    let lower = body.to_lowercase();
    body.is_empty()
        || EMPTY_WORDS.contains(&lower.trim_end_matches('.'))
        || lower == question.to_lowercase()
}

/// The description's sections with these titles, as pairs of title and text.
fn sections(text: &str, titles: &[&str]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut level = 0;
    let mut fence: Option<&str> = None;
    for line in without_comments(text).lines() {
        let trimmed = line.trim();
        let marks = ["```", "~~~"].into_iter().find(|marks| trimmed.starts_with(marks));
        match (fence, marks) {
            (Some(open), Some(marks)) if open == marks => fence = None,
            (None, Some(marks)) => fence = Some(marks),
            _ => {}
        }
        let start = if fence.is_none() && marks.is_none() { start(trimmed, titles) } else { None };
        match start {
            Some(Start::Known { title, rest, depth }) => {
                level = depth;
                found.push((title.to_owned(), format!("{rest}\n")));
            }
            // A heading below the section's own is a part of it; another one ends it.
            Some(Start::Other { depth }) if depth <= level => found.push(Default::default()),
            Some(Start::Other { .. }) | None => {
                if let Some((_, body)) = found.last_mut() {
                    body.push_str(line);
                    body.push('\n');
                }
            }
        }
    }
    found
}

enum Start<'l> {
    Known { title: &'l str, rest: &'l str, depth: usize },
    Other { depth: usize },
}

/// Deeper than every heading: sections that begin without one are ended by any heading.
const NO_HEADING: usize = 7;

fn start<'l>(line: &'l str, titles: &[&'l str]) -> Option<Start<'l>> {
    let known = |text: &str| {
        let text = text.trim().trim_end_matches('#').trim().trim_end_matches(':').trim();
        titles.iter().find(|title| title.eq_ignore_ascii_case(text)).copied()
    };
    let depth = line.len() - line.trim_start_matches('#').len();
    let after = line.trim_start_matches('#');
    if (1..NO_HEADING).contains(&depth) && (after.is_empty() || after.starts_with([' ', '\t'])) {
        return Some(known(after).map_or(Start::Other { depth }, |title| Start::Known {
            title,
            rest: "",
            depth,
        }));
    }
    let bold = ["**", "__"]
        .iter()
        .find_map(|mark| line.strip_prefix(mark)?.split_once(mark))
        .and_then(|(text, rest)| Some((known(text)?, rest.trim_start_matches(':'))));
    let label = || line.split_once(':').and_then(|(text, rest)| Some((known(text)?, rest)));
    let (title, rest) = bold.or_else(label)?;
    Some(Start::Known { title, rest, depth: NO_HEADING })
}

/// The text without HTML comments; one that does not end takes the rest with it, as it does when rendered.
fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, behind)| behind);
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let titles = ["Description", "Risk", "Rollback"];
        let sections = sections(text, &titles);
        let section = |title: &str| TemplateSection {
            title: playbook::Spanned { value: title.to_owned(), ..Default::default() },
            asks: "What can go wrong?".to_owned(),
            required: true,
        };
        let said: Vec<&str> =
            titles.into_iter().filter(|title| says_something(&sections, &section(title))).collect();
        assert_eq!(said, expected, "{text}");
    }

    #[test]
    fn headings_bold_lines_and_labels_begin_a_section() {
        check("## Description\nMTU.\n\n### risk ##\nNone known.\n", &["Description", "Risk"]);
        check("**Risk**: drops\n__Rollback__\nrevert", &["Risk", "Rollback"]);
        check("Raise the MTU\n\nRisk: packets drop\nRollback:\n revert\n", &["Risk", "Rollback"]);
    }

    #[test]
    fn a_lower_heading_belongs_to_its_section_and_another_one_ends_it() {
        check("# Risk\n## In short\nDrops.\n", &["Risk"]);
        check("## Risk\n## Unrelated\nText.\n", &[]);
    }

    #[test]
    fn what_says_nothing_is_missing() {
        for nothing in
            ["", "TBD", "_todo_", "<!-- What can go wrong? -->", "What can go wrong?", "-"]
        {
            check(&format!("## Risk\n{nothing}\n## Rollback\nrevert\n"), &["Rollback"]);
        }
    }

    #[test]
    fn code_is_no_heading() {
        check("## Risk\n```\n# Rollback\nx\n```\n", &["Risk"]);
        check("```\nRisk: x\n```\n", &[]);
    }
}
