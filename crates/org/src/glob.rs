//! Globs over paths: `*` and `?` within a segment, `**` over segments.
//!
//! A pattern speaks of the whole path from the root, and a pattern that ends in `/` means everything
//! below. Matching takes time proportional to the lengths of pattern and path multiplied, whatever
//! the pattern is. Absent on purpose: character classes, braces and negation, which nobody needs to
//! say which files a seat answers for.

/// Says whether a path is meant by a pattern.
pub fn matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut parts: Vec<&str> = pattern.trim_start_matches('/').split('/').collect();
    if let Some(last @ &mut "") = parts.last_mut() {
        *last = "**";
    }
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    // reachable[i]: the parts so far can consume exactly the first i segments.
    let mut reachable = vec![false; segments.len() + 1];
    reachable[0] = true;
    for part in parts {
        let mut next = vec![false; segments.len() + 1];
        for at in 0..=segments.len() {
            if part == "**" {
                next[at] = reachable[at] || (at > 0 && next[at - 1]);
            } else if at > 0 {
                next[at] = reachable[at - 1] && segment(part, segments[at - 1]);
            }
        }
        reachable = next;
    }
    reachable[segments.len()]
}

/// How specific a pattern is: the number of characters that are not wildcards.
pub fn specificity(pattern: &str) -> usize {
    pattern.chars().filter(|character| !matches!(character, '*' | '?' | '/')).count()
}

/// Matches within one segment: the last star is remembered, and extended when the rest fails.
fn segment(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut in_text) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while in_text < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, in_text));
                at += 1;
            }
            Some(&expected) if expected == '?' || expected == text[in_text] => {
                at += 1;
                in_text += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                at = star_at + 1;
                in_text = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, path: &str, expected: bool) {
        assert_eq!(matches(pattern, path), expected, "`{pattern}` and `{path}`");
    }

    #[test]
    fn globs_mean_what_people_expect() {
        check("network/**", "network/vlans/core.yaml", true);
        check("network/**", "networks/core.yaml", false);
        check("network/", "network/a/b", true);
        check("**/*.rules", "site/eu-1/edge.rules", true);
        check("**/*.rules", "edge.rules", true);
        check("*.rules", "site/edge.rules", false);
        check("docs/slo-?.md", "docs/slo-1.md", true);
        check("docs/slo-?.md", "docs/slo-12.md", false);
        check("a/**/z", "a/z", true);
        check("a/**/z", "a/b/c/z", true);
        check("a/**/z", "a/b/c", false);
        check("**", "anything/at/all", true);
        check("./ansible/*", "/ansible/site.yml", true);
    }

    #[test]
    fn a_hostile_pattern_is_answered_at_once() {
        check(&"*a".repeat(60), &"a".repeat(59), false);
        check(&"**/".repeat(200), &"a/".repeat(400), true);
    }
}
