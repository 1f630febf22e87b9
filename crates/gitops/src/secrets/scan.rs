//! The scanner: which parts of a text look like secrets.

use std::collections::BTreeMap;

use diag::Span;

use super::entropy::entropy;
use super::leak::{Leak, fingerprint};
use super::patterns::{ALL, Pattern, SHAPES};
use super::placeholder::is_placeholder;

/// The longest text that is looked at, in bytes: twice what the playbook takes for a file. Larger ones are
/// data, and the caller says that it passed them over.
pub const MAX_TEXT: usize = 16 * 1024 * 1024;

/// Finds what looks like a secret, in the order of the text. Where two rules find the same, the first in the
/// list of rules, which is the surer one, counts.
#[must_use]
pub fn scan(path: &str, text: &str) -> Vec<Leak> {
    // By where it begins; a rule that comes later does not replace an earlier one.
    let mut found: BTreeMap<usize, (usize, Leak)> = BTreeMap::new();
    for (pattern, shape) in ALL.iter().zip(SHAPES.iter()) {
        for captures in shape.captures_iter(text) {
            let Some(secret) = captures.get(1) else { continue };
            if !is_secret(pattern, secret.as_str()) || overlaps(&found, secret.range()) {
                continue;
            }
            let leak = Leak {
                path: path.to_owned(),
                line: line(text, secret.start()),
                rule: pattern.id,
                title: pattern.title,
                length: secret.as_str().chars().count(),
                fingerprint: fingerprint(pattern.id, secret.as_str()),
                span: Some(span(secret.start(), secret.end())),
            };
            found.insert(secret.start(), (secret.end(), leak));
        }
    }
    found.into_values().map(|(_, leak)| leak).collect()
}

/// The text with everything that was found in it covered by as many signs, for showing where it stands.
#[must_use]
pub fn cover(text: &str, leaks: &[Leak]) -> String {
    let mut covered = text.to_owned();
    for span in leaks.iter().filter_map(|leak| leak.span) {
        let range = span.start as usize..span.end as usize;
        let signs = text.get(range.clone()).unwrap_or_default().bytes();
        let signs: String = signs.map(|byte| if byte == b'\n' { '\n' } else { '*' }).collect();
        covered.replace_range(range, &signs);
    }
    covered
}

fn is_secret(pattern: &Pattern, text: &str) -> bool {
    pattern.least_entropy == 0 || (entropy(text) >= pattern.least_entropy && !is_placeholder(text))
}

fn overlaps(found: &BTreeMap<usize, (usize, Leak)>, range: std::ops::Range<usize>) -> bool {
    let before = found.range(..range.end).next_back();
    before.is_some_and(|(_, (end, _))| *end > range.start)
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

fn span(start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at a text and lists what was found as `line rule`.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = scan("a.yaml", text)
            .iter()
            .map(|leak| format!("{} {}", leak.line, leak.rule))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    /// A text of so many characters that looks random and is the same every time. Secrets are made here instead of
    /// being written down, so that this file passes the scanner itself.
    fn noise(length: usize) -> String {
        let alphabet = b"kX9vQz2LmT7wRb4NyH8sJc3FpD6gV5tWaZ1qEuYiOoPxKlMnBhGfCrUeSdA0";
        (0..length).map(|at| char::from(alphabet[(at * at + 7 * at) % 59])).collect()
    }

    #[test]
    fn tokens_with_the_prefix_of_their_maker_are_found() {
        check(&format!("x: AKIA{}", "QWERTYUIOPASDFGH"), &["1 aws-access-key"]);
        check(&format!("# ghp_{}\n", noise(36)), &["1 github-token"]);
        check(&format!("a\nb: glpat-{}\n", noise(20)), &["2 gitlab-token"]);
        check(&format!("hvs.{}", noise(24)), &["1 vault-token"]);
        check(&format!("AGE-SECRET-KEY-1{}", "Q".repeat(58)), &["1 age-key"]);
        check(&format!("https://hooks.slack.com/services/{}", noise(30)), &["1 chat-webhook"]);
        check(&format!("sk_live_{}", noise(24)), &["1 stripe-key"]);
    }

    #[test]
    fn private_keys_are_found_and_public_ones_are_not() {
        let body = noise(64);
        check(
            &format!("key: |\n  -----BEGIN OPENSSH PRIVATE KEY-----\n  {body}\n"),
            &["2 private-key"],
        );
        check(&format!("-----BEGIN PUBLIC KEY-----\n{body}\n"), &[]);
        check("write `-----BEGIN PRIVATE KEY-----` first", &[]);
    }

    #[test]
    fn passwords_are_judged_by_how_surprising_they_are() {
        check("db_password: hunter2hunter3", &["1 password"]);
        check("PASSWORD=\"Tr0ub4dor&3\"", &["1 password"]);
        check("password: {{ vault_password_1 }}", &[]);
        check("password: changeme123", &[]);
        check("password_file: run/secrets/db-1", &[]);
        check("password: ENC[AES256_GCM,data:8Ll+TDCgzQ==,iv:a,tag:b,type:str]", &[]);
        check("token_ttl: 3600", &[]);
        check(&format!("api_key: {}", noise(32)), &["1 assigned-secret"]);
        check("secret: orders-db-password-of-the-checkout", &[]);
    }

    #[test]
    fn an_address_with_a_password_is_found_and_one_with_a_variable_is_not() {
        check("url: postgres://app:s3cr3t-Pa55@db.internal/orders", &["1 address-with-password"]);
        check("url: postgres://app:$PASSWORD@db.internal/orders", &[]);
        check("url: https://example.org:8443/a@b", &[]);
    }

    #[test]
    fn the_surer_rule_counts_where_two_find_the_same() {
        check(&format!("token: ghp_{}", noise(36)), &["1 github-token"]);
    }

    #[test]
    fn a_finding_holds_no_part_of_the_secret() {
        let secret = noise(32);
        let leaks = scan("a", &format!("api_key: {secret}"));
        let shown = format!("{leaks:?}{}", serde_json::to_string(&leaks).unwrap());
        let part = secret.get(..6).unwrap();
        assert!(!shown.contains(part), "{shown}");
        assert_eq!(leaks[0].fingerprint.len(), 8);
        assert_eq!(leaks[0].length, 32);
    }
}
