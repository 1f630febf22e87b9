//! The scanner's rules, as data: what a secret of each sort looks like.
//!
//! Formats that their makers gave a prefix come first, because they are certain; assignments to names such
//! as `password` come last and are judged by how surprising the value is. The first group of an expression
//! is the secret.

use std::sync::LazyLock;

use regex::Regex;

/// One rule.
pub(super) struct Pattern {
    /// Its name, which exceptions cite.
    pub(super) id: &'static str,
    /// What it finds, in words.
    pub(super) title: &'static str,
    /// What it looks like; the first group is the secret.
    pub(super) shape: &'static str,
    /// The least entropy in hundredths of a bit a character; 0 where the shape says enough.
    pub(super) least_entropy: u32,
}

const fn certain(id: &'static str, title: &'static str, shape: &'static str) -> Pattern {
    Pattern { id, title, shape, least_entropy: 0 }
}

const fn likely(
    id: &'static str,
    title: &'static str,
    shape: &'static str,
    least_entropy: u32,
) -> Pattern {
    Pattern { id, title, shape, least_entropy }
}

/// All rules. The entropies of the last ones were set on this repository and its examples: at 250 a password
/// of eight different characters is found and `password: password1` is not; at 350 keys are found and names are not.
pub(super) const ALL: &[Pattern] = &[
    certain(
        "private-key",
        "a private key",
        r"(-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----\s*[A-Za-z0-9+/=:,. \r\n-]{16})",
    ),
    certain("age-key", "a private key of age", r"\b(AGE-SECRET-KEY-1[0-9A-Z]{58})\b"),
    certain("aws-access-key", "an access key of AWS", r"\b((?:AKIA|ASIA)[A-Z2-7]{16})\b"),
    likely(
        "aws-secret-key",
        "a secret key of AWS",
        r#"(?i)aws_?secret_?(?:access_?)?key["']?\s*[:=]\s*["']?([A-Za-z0-9/+=]{40})\b"#,
        350,
    ),
    certain(
        "github-token",
        "a token of GitHub",
        r"\b(gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255})\b",
    ),
    certain(
        "gitlab-token",
        "a token of GitLab",
        r"\b(gl(?:pat|dt|rt|ptt|oas|ft|soat|cbt)-[A-Za-z0-9_=-]{20,})",
    ),
    certain("slack-token", "a token of Slack", r"\b(xox[abeoprs]-[A-Za-z0-9-]{10,})"),
    certain(
        "chat-webhook",
        "a webhook address that is its own password",
        r"(https://(?:hooks\.slack\.com/(?:services|workflows)|discord(?:app)?\.com/api/webhooks)/[A-Za-z0-9/_+-]{20,})",
    ),
    certain("vault-token", "a token of Vault", r"\b(hv[sbr]\.[A-Za-z0-9_-]{24,})"),
    certain("pypi-token", "a token of a Python registry", r"\b(pypi-AgEI[A-Za-z0-9_-]{50,})"),
    certain("npm-token", "a token of a JavaScript registry", r"\b(npm_[A-Za-z0-9]{36})\b"),
    certain("stripe-key", "a live key of Stripe", r"\b([rs]k_live_[A-Za-z0-9]{20,})\b"),
    certain("google-key", "a key of Google", r"\b(AIza[A-Za-z0-9_-]{35})\b"),
    certain("sendgrid-key", "a key of SendGrid", r"\b(SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})\b"),
    likely("azure-key", "a key of Azure storage", r"(?i)AccountKey=([A-Za-z0-9+/]{86}==)", 350),
    likely(
        "json-web-token",
        "a signed token",
        r"\b(eyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,})\b",
        350,
    ),
    likely(
        "address-with-password",
        "a password in an address",
        r#"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@"'`<>{}$]{1,64}:([^\s/@"'`<>{}$]{4,128})@[A-Za-z0-9\[]"#,
        200,
    ),
    likely(
        "password",
        "a password",
        r#"(?i)\b[a-z0-9_.-]*(?:password|passwd|passphrase|pwd)["']?[ \t]*(?::|=|:=|=>)[ \t]*["']?([^\s"'`,;]{8,128})"#,
        250,
    ),
    likely(
        "assigned-secret",
        "a key or token",
        r#"(?i)\b[a-z0-9_.-]*(?:secret|token|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?secret|credential)["']?[ \t]*(?::|=|:=|=>)[ \t]*["']?([A-Za-z0-9+/_=.~-]{20,256})"#,
        350,
    ),
];

/// The expressions of [`ALL`], in the same order.
pub(super) static SHAPES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let compile = |pattern: &Pattern| {
        Regex::new(pattern.shape).expect("BUG: a test compiles every expression of the scanner")
    };
    ALL.iter().map(compile).collect()
});

/// The names of all rules.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|pattern| pattern.id)
}

/// The names of all rules with what they find.
pub fn titles() -> impl Iterator<Item = (&'static str, &'static str)> {
    ALL.iter().map(|pattern| (pattern.id, pattern.title))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_expression_compiles_and_has_one_group_and_a_name_of_its_own() {
        assert_eq!(SHAPES.len(), ALL.len());
        assert!(SHAPES.iter().all(|shape| shape.captures_len() == 2));
        assert_eq!(names().collect::<BTreeSet<_>>().len(), ALL.len());
    }
}
