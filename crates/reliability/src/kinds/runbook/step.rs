//! The steps of a runbook, read from its fenced blocks.

use playbook::Period;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// How long a step may take that says nothing else, in seconds: whoever waits longer without a word wonders whether it hangs.
const WITHIN: u64 = 60;

/// The longest that a step may ask for, in seconds. What takes longer than an hour is not watched by a person.
const MAX_WITHIN: u64 = 3600;

/// The most steps of one runbook; more is a program, and programs belong into a repository with tests.
const MAX_STEPS: usize = 64;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RunbookStep")]
pub struct Step {
    /// What it does.
    pub title: String,
    /// What is given to the shell.
    pub script: String,
    /// A text that it must print to be right.
    pub expect: Option<String>,
    /// Whether whoever runs it is asked before.
    pub confirm: bool,
    /// Whether a second person has to agree before.
    pub approve: bool,
    /// How long it may take, in seconds.
    pub within_seconds: u64,
}

/// Something wrong with a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepFault {
    /// Its number, from 1.
    pub step: usize,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

/// Finds the steps of a text, and what is wrong with them.
pub fn steps(body: &str) -> (Vec<Step>, Vec<StepFault>) {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    let mut heading = String::new();
    let mut events = Parser::new_ext(body, Options::ENABLE_TABLES);
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                heading = text_until(&mut events, |end| matches!(end, TagEnd::Heading(_)));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let script = text_until(&mut events, |end| matches!(end, TagEnd::CodeBlock));
                let Some(words) = marked(&info) else { continue };
                let number = found.len() + 1;
                let mut fault = |what: String, hint: &str| {
                    faults.push(StepFault { step: number, what, hint: hint.to_owned() });
                };
                if number > MAX_STEPS {
                    fault(format!("it has more than {MAX_STEPS} steps"), "split it in two");
                    break;
                }
                if script.trim().is_empty() {
                    fault("it does nothing".to_owned(), "write into the block what is to be run");
                }
                found.push(step(&heading, &script, words, &mut fault));
            }
            _ => {}
        }
    }
    (found, faults)
}

/// The text of everything up to an end.
fn text_until<'e>(
    events: &mut impl Iterator<Item = Event<'e>>,
    is_end: impl Fn(TagEnd) -> bool,
) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::End(end) if is_end(end) => break,
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            _ => {}
        }
    }
    text
}

/// What stands behind `sh council step`; nothing when the block is no step.
fn marked(info: &str) -> Option<&str> {
    let rest = info.trim_start().strip_prefix("sh")?;
    let rest = rest.strip_prefix(char::is_whitespace)?.trim_start().strip_prefix("council")?;
    let rest = rest.strip_prefix(char::is_whitespace)?.trim_start().strip_prefix("step")?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| rest.trim())
}

fn step(heading: &str, script: &str, words: &str, fault: &mut impl FnMut(String, &str)) -> Step {
    let mut step = Step {
        title: heading.trim().to_owned(),
        script: script.to_owned(),
        expect: None,
        confirm: false,
        approve: false,
        within_seconds: WITHIN,
    };
    for (name, value) in attributes(words) {
        match (name.as_str(), value) {
            ("confirm", None) => step.confirm = true,
            ("approve", None) => step.approve = true,
            ("title", Some(title)) => step.title = title,
            ("expect", Some(text)) => step.expect = Some(text).filter(|text| !text.is_empty()),
            ("within", Some(text)) => {
                match Period::parse(&text).map(|period| period.as_seconds()) {
                    Ok(seconds @ 1..=MAX_WITHIN) => step.within_seconds = seconds,
                    Ok(_) => fault(
                        format!("`within={text}` is no time that somebody would wait for it"),
                        "write a time of up to an hour, such as `within=5m`",
                    ),
                    Err(why) => fault(format!("`within={text}` is no time: {why}"), "write `5m`"),
                }
            }
            (other, _) => fault(
                format!("`{other}` says nothing about a step"),
                "write `title=\"…\"`, `expect=\"…\"`, `within=5m`, `confirm` or `approve`",
            ),
        }
    }
    if step.title.is_empty() {
        step.title = script.lines().next().unwrap_or_default().trim().to_owned();
    }
    step
}

/// Words, and names with values, which may stand between quotes.
fn attributes(words: &str) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    let mut rest = words.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|letter: char| letter == '=' || letter.is_whitespace());
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        let (value, left) = match after.strip_prefix('=') {
            None => (None, after),
            Some(after) => {
                let (value, left) = match after.strip_prefix('"') {
                    Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                    None => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
                };
                (Some(value.to_owned()), left)
            }
        };
        found.push((name.to_owned(), value));
        rest = left.trim_start();
    }
    found
}

/// A digest of what the steps do; how the prose around them reads does not count.
pub(super) fn digest(steps: &[Step]) -> String {
    let mut hash = Sha256::new();
    for step in steps {
        hash.update(step.script.as_bytes());
        hash.update([0]);
        hash.update(step.expect.as_deref().unwrap_or_default().as_bytes());
        hash.update([0, u8::from(step.confirm), u8::from(step.approve)]);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Look first.\n\n## Is it up?\n\n```sh council step expect=\"all well\" within=5m\necho all well\n```\n\n```sh\nnot a step\n```\n\n## Drain `it`\n\n- as an item:\n\n  ```sh council step confirm approve title=\"Drain the queue\"\n  drain \"$host\"\n  ```\n";

    #[test]
    fn marked_blocks_are_steps_and_others_are_examples() {
        let (found, faults) = steps(TEXT);
        assert_eq!(faults, []);
        let [first, second] = found.as_slice() else { panic!("two steps: {found:?}") };
        assert_eq!((first.title.as_str(), first.within_seconds), ("Is it up?", 300));
        assert_eq!(first.expect.as_deref(), Some("all well"));
        assert_eq!(second.title, "Drain the queue");
        assert_eq!(second.script, "drain \"$host\"\n");
        assert!(second.confirm && second.approve && !first.confirm);
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        let (_, faults) = steps(
            "```sh council step confrim within=2d expect=\"x\ntrue\n```\n```sh council step\n```\n",
        );
        let told: Vec<_> = faults.iter().map(|fault| (fault.step, fault.what.as_str())).collect();
        assert_eq!(
            told,
            [
                (1, "`confrim` says nothing about a step"),
                (1, "`within=2d` is no time that somebody would wait for it"),
                (2, "it does nothing"),
            ]
        );
    }

    #[test]
    fn the_digest_follows_what_is_run_and_not_the_prose() {
        let of = |text: &str| digest(&steps(text).0);
        assert_eq!(of(TEXT), of(&TEXT.replace("Look first", "Look twice")));
        assert_ne!(of(TEXT), of(&TEXT.replace("echo", "printf")));
    }
}
