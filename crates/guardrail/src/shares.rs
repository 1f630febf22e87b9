//! Which policies may be judged apart from the others, on another processor.
//!
//! A file may go to any share when it only adds to sets that nobody reads: all that it says are rules such as `deny contains …`
//! (a partial set, whose value is the union of what its bodies find), and no policy looks into its package. Whatever is not
//! certain of that is judged in every share, which costs time and changes nothing.

use std::sync::LazyLock;

use regex::Regex;

use crate::heads::heads;

/// A policy as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    /// Its path.
    pub(crate) file: String,
    /// Its text.
    pub(crate) text: String,
    /// Its package, such as `main`.
    pub(crate) package: String,
}

/// Fewer files than this are judged sooner than another thread has begun.
const LEAST: usize = 16;

/// Policies, dealt out.
#[derive(Debug)]
pub(crate) struct Dealt<'p> {
    /// Those that every share has.
    pub(crate) together: Vec<&'p Policy>,
    /// Those that only one share has, share by share.
    pub(crate) apart: Vec<Vec<&'p Policy>>,
}

/// Deals the policies that may be judged apart out to at most so many shares; to one where more are not worth it.
pub(crate) fn dealt(policies: &[Policy], shares: usize) -> Dealt<'_> {
    let (apart, together): (Vec<&Policy>, Vec<&Policy>) =
        policies.iter().partition(|policy| stands_alone(policy, policies));
    let shares = shares.min(apart.len() / LEAST).max(1);
    let share = |number| apart.iter().skip(number).step_by(shares).copied().collect();
    Dealt { together, apart: (0..shares).map(share).collect() }
}

fn stands_alone(policy: &Policy, all: &[Policy]) -> bool {
    let of_package: Vec<_> = all.iter().filter(|it| it.package == policy.package).collect();
    only_adds_to_sets(&policy.text)
        && heads(&policy.text)
            .iter()
            .all(|(name, _)| of_package.iter().all(|it| reads_not(name, &it.text)))
        && all.iter().all(|it| !looks_into(&policy.package, &it.text))
}

/// What a file may say at its outermost level, texts and whatever stands in brackets left out.
static OUTERMOST: LazyLock<Regex> = LazyLock::new(|| {
    let adds = r#"[a-z0-9_]+ contains (?:[a-z_]+|""|\{\}) if \{\}"#;
    let allowed = format!(r"^\s*(?:package [\w.]+|import [\w.]+(?: as \w+)?|{adds})?\s*$");
    Regex::new(&allowed).expect("BUG: our own expression can be read")
});

/// Whether a file holds nothing but rules that add to sets.
fn only_adds_to_sets(text: &str) -> bool {
    outermost(text).is_some_and(|left| left.lines().all(|line| OUTERMOST.is_match(line)))
}

/// A file without comments, without the insides of texts and brackets; nothing of one that is not understood.
fn outermost(text: &str) -> Option<String> {
    let (mut left, mut open) = (String::new(), Vec::new());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        let shown = match sign {
            '#' => signs.find(|it| *it == '\n').map(|_| "\n"),
            '"' => {
                while let Some(inside) = signs.next().filter(|it| *it != '"') {
                    let _escaped = (inside == '\\').then(|| signs.next());
                }
                Some("\"\"")
            }
            '`' => signs.find(|it| *it == '`').map(|_| "\"\""),
            // A text with expressions inside it.
            '$' => return None,
            '{' | '[' | '(' => {
                open.push(sign);
                (open.len() == 1 && sign == '{').then_some("{}")
            }
            '}' | ']' | ')' => {
                let closes = matches!((open.pop()?, sign), ('{', '}') | ('[', ']') | ('(', ')'));
                closes.then_some(())?;
                None
            }
            other if open.is_empty() => {
                left.push(other);
                None
            }
            _ => None,
        };
        left.extend(shown.filter(|shown| open.is_empty() || *shown == "{}" && open.len() == 1));
    }
    open.is_empty().then_some(left)
}

/// Whether a name stands only where a rule adds to its set.
fn reads_not(name: &str, text: &str) -> bool {
    text.lines().all(|line| {
        let adds = line.strip_prefix(name).filter(|rest| rest.starts_with(" contains "));
        let mut words =
            adds.unwrap_or(line).split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_');
        words.all(|word| word != name)
    })
}

/// Whether a text may read rules of a package: anything of `data` but what council knows may be one.
fn looks_into(package: &str, text: &str) -> bool {
    let first = package.split('.').next().unwrap_or(package);
    let mut places = text.match_indices("data");
    places.any(|(at, found)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let part = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == '.';
        let rest = text.get(at + found.len()..).unwrap_or_default();
        if before.is_some_and(part) || rest.starts_with(|sign: char| sign != '.' && part(sign)) {
            return false;
        }
        match rest.strip_prefix('.') {
            // `data` as a whole, or with a name that is computed.
            None => true,
            Some(path) => {
                let end = path.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_');
                path.get(..end.unwrap_or(path.len())) == Some(first)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(number: usize) -> String {
        format!(
            "package main\n\nimport rego.v1\n\n# A limit.\ndeny contains msg if {{\n\tinput.x > {number}\n\tmsg := \"{number}\"\n}}\n"
        )
    }

    fn policy(package: &str, file: &str, text: &str) -> Policy {
        let [file, text, package] = [file, text, package].map(str::to_owned);
        Policy { file, text, package }
    }

    #[test]
    fn rules_that_only_add_to_a_set_are_judged_apart() {
        let mut all: Vec<_> = (0..40)
            .map(|number| policy("main", &format!("{number}.rego"), &limit(number)))
            .collect();
        let sizes = |dealt: &Dealt<'_>| dealt.apart.iter().map(Vec::len).collect::<Vec<_>>();
        // Fewer than it takes to begin a thread.
        assert_eq!(sizes(&dealt(all.get(..20).unwrap_or_default(), 4)), [20]);
        assert_eq!(sizes(&dealt(&[], 4)), [0]);
        all.push(policy("main", "x.rego", "package main\n\nx := 1\n"));
        let with_helper = dealt(&all, 4);
        assert_eq!((with_helper.together.len(), sizes(&with_helper)), (1, vec![20, 20]));
    }

    /// Whether a text may be judged apart from another of the same package.
    #[track_caller]
    fn alone(text: &str, beside: (&str, &str), expected: bool) {
        let both = [policy("main", "a.rego", text), policy(beside.0, "b.rego", beside.1)];
        assert_eq!(stands_alone(&both[0], &both), expected, "{text} beside {}", beside.1);
    }

    #[test]
    fn whatever_may_be_read_by_another_rule_is_judged_with_it() {
        let plain = limit(1);
        alone(&plain, ("main", &limit(2)), true);
        alone(&plain, ("main", "package main\n\nhelper(x) := x + 1\n"), true);
        alone(
            &plain,
            ("other", "package other\n\ndeny contains \"x\" if data.council.cites\n"),
            true,
        );
        // Somebody reads what it finds.
        alone(&plain, ("main", "package main\n\nwarn contains \"x\" if count(deny) > 1\n"), false);
        alone(
            &plain,
            ("other", "package other\n\nwarn contains \"x\" if count(data.main.deny) > 1\n"),
            false,
        );
        alone(
            &plain,
            ("other", "package other\n\nwarn contains \"x\" if data[\"main\"].deny\n"),
            false,
        );
        alone(&plain, ("other", "package other\n\nimport data.main\n"), false);
        // It says more than what it adds to a set.
        alone("package main\n\ndeny := true if input.x\n", ("main", &plain), false);
        alone("package main\n\ndefault deny := false\n", ("main", &plain), false);
        alone("package main\n\nlimit := 4\n", ("main", &plain), false);
        alone(
            "package main\n\ndeny contains \"x\" if { input.x }; limit := 4\n",
            ("main", &plain),
            false,
        );
        alone("package main; limit := 4\n", ("main", &plain), false);
        alone(
            "package main\n\ndeny contains \"x\" if { input.x } limit := 4\n",
            ("main", &plain),
            false,
        );
        alone("package main\n\n  limit := 4\n", ("main", &plain), false);
        alone(
            "package main\n\ndeny contains \"x\" if {\n  input.x # }\n}\n",
            ("main", &plain),
            true,
        );
        alone(
            "package main\n\ndeny contains \"}\" if {\n  input.x == `{`\n}\n",
            ("main", &plain),
            true,
        );
        alone("package main\n\nwarn contains \"x\" if {\ndeny\n}\n", ("main", &plain), false);
        alone(&plain, ("main", "package main\n\nwarn contains \"x\" if {\ndeny\n}\n"), false);
        alone(
            "package main\n\ndeny contains $\"{x(\"}\")}\" if { x(1) }\n",
            ("main", &plain),
            false,
        );
    }
}
