//! The blameless language check: words of a postmortem that look for somebody at fault.
//!
//! It flags phrases, says why, and offers what to ask instead. It never refuses: a check that did would
//! teach people to write around it.
//!
//! Absent on purpose: grammar. A sentence that names a person and one of the phrases is flagged, whatever
//! it means; people judge.

use schemars::JsonSchema;
use serde::Serialize;

/// A phrase that looks for somebody at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "LanguageRemark")]
pub struct Remark {
    /// The phrase as it stands in the text.
    pub phrase: String,
    /// Where it begins, in bytes.
    pub at: usize,
    /// Why it is flagged.
    pub why: String,
    /// What to ask instead.
    pub instead: &'static str,
}

/// Phrases that judge, and what to ask instead; in lower case.
const PHRASES: [(&str, &str); 20] = [
    ("human error", "which part of the system let a slip become an outage?"),
    ("operator error", "which part of the system let a slip become an outage?"),
    ("user error", "what made the wrong thing the easy one?"),
    ("careless", "what did they see, and what made it look right?"),
    ("negligen", "what did they see, and what made it look right?"),
    ("incompeten", "what would have had to be known, and where is it written?"),
    ("stupid", "what did they see, and what made it look right?"),
    ("sloppy", "what did they see, and what made it look right?"),
    ("at fault", "what contributed?"),
    ("'s fault", "what contributed?"),
    ("to blame", "what contributed?"),
    ("blames", "what contributed?"),
    ("should have known", "where could it have been seen?"),
    ("should have", "what happened, and what made that likely?"),
    ("could have easily", "what would have made it easy?"),
    ("failed to", "what happened instead, and why did that make sense then?"),
    ("neglected to", "what happened instead, and why did that make sense then?"),
    ("forgot to", "what could have reminded them, or done it for them?"),
    ("didn't bother", "what else asked for their attention?"),
    ("root cause was", "an incident has several causes: which factors contributed?"),
];

/// Words that make a sentence about a person a sentence about their fault.
const JUDGING: [&str; 5] = ["mistake", "wrong", "broke", "missed", "ignored"];

/// The phrases of a text that look for somebody at fault, in order. `people` are the names by which people
/// may be called in it.
pub fn remarks(text: &str, people: &[&str]) -> Vec<Remark> {
    // Lower case of other alphabets may have another length; ASCII keeps every place.
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<Remark> = Vec::new();
    for (phrase, instead) in PHRASES {
        for (at, _) in lower.match_indices(phrase) {
            let covered = found.iter().any(|it| it.at <= at && at < it.at + it.phrase.len());
            let phrase = text.get(at..at + phrase.len()).filter(|_| !covered);
            found.extend(phrase.map(|phrase| {
                Remark {
                    phrase: phrase.to_owned(),
                    at,
                    why: "it looks for somebody at fault, and ends the search for what contributed"
                        .to_owned(),
                    instead,
                }
            }));
        }
    }
    for (start, sentence) in sentences(text) {
        let words: Vec<&str> = sentence.split(|letter: char| !letter.is_alphanumeric()).collect();
        let judges = words.iter().any(|word| JUDGING.contains(&word.to_lowercase().as_str()));
        let named = people
            .iter()
            .find(|name| words.contains(*name) || sentence.contains(&format!("@{name}")));
        if let Some(name) = named.filter(|_| judges) {
            let at = start + sentence.find(*name).unwrap_or(0);
            found.push(Remark {
                phrase: (*name).to_owned(),
                at,
                why: format!("a sentence that judges names {name}"),
                instead: "say the role and what it saw: \"the engineer on call saw …\"",
            });
        }
    }
    found.sort_by_key(|remark| remark.at);
    found
}

/// Sentences with the place where each begins.
fn sentences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive(['.', '!', '?', '\n']).map(move |sentence| {
        let start = at;
        at += sentence.len();
        (start, sentence)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found = remarks(text, &["Ana", "Ben"]);
        let found: Vec<_> = found.iter().map(|remark| remark.phrase.as_str()).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn blame_is_flagged_and_facts_are_not() {
        check("Human error: Ben forgot to drain the node.", &["Human error", "forgot to"]);
        check("Ana should have known. It was Ben's fault.", &["should have known", "'s fault"]);
        check("Ana made a mistake. Ben restarted the node.", &["Ana"]);
        check("The alert was wrong. Ana declared the incident.", &[]);
        check("The queue grew because its limit was missing.", &[]);
        check("Ärger: the operator failed to notice.", &["failed to"]);
    }
}
