//! How topics are compared: as sets of words, without case, plural and filler.

use std::collections::BTreeSet;

/// Words that say nothing about a topic. Kept short: a wrongly dropped word loses an answer, a
/// wrongly kept one merely ranks it lower.
const FILLER: [&str; 17] = [
    "a", "an", "and", "are", "for", "how", "in", "is", "of", "on", "or", "our", "the", "to", "we",
    "who", "with",
];

/// The words of a text: lower-case, singular, without filler.
pub fn words(text: &str) -> BTreeSet<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| singular(&word.to_lowercase()))
        .filter(|word| !FILLER.contains(&word.as_str()))
        .collect()
}

/// Drops a plural's ending: `policies` and `policy` are one word, `vlans` and `vlan` too.
fn singular(word: &str) -> String {
    if word.chars().count() <= 3 || word.ends_with("ss") || word.ends_with("us") {
        return word.to_owned();
    }
    match (word.strip_suffix("ies"), word.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) => stem.to_owned(),
        (None, None) => word.to_owned(),
    }
}

/// How well a text answers a question, from 0 to 100: the share of the question's words that it
/// has, a little more when it says nothing else.
pub fn likeness(question: &BTreeSet<String>, text: &str) -> u32 {
    let text = words(text);
    let share = |part: usize, whole: usize| {
        u32::try_from(part * 100 / whole.max(1)).unwrap_or(100).min(100)
    };
    let common = question.intersection(&text).count();
    if common == 0 {
        return 0;
    }
    (share(common, question.len()) * 4 + share(common, text.len())) / 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(question: &str, text: &str, expected: u32) {
        assert_eq!(likeness(&words(question), text), expected, "`{question}` in `{text}`");
    }

    #[test]
    fn likeness_grows_with_the_words_in_common() {
        check("vlan", "VLANs", 100);
        check("who is the owner of vlans", "vlan owner", 100);
        check("vlan", "VLANs, routing, segmentation", 86);
        check("gpu quota", "GPU", 60);
        check("gpu quota", "resource quotas", 50);
        check("policies", "SSH policy", 90);
        check("vlan", "backup", 0);
        check("", "backup", 0);
    }
}
