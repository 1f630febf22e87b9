//! A leak as a diagnostic, so that it is shown as everything else that is found: in a terminal, as SARIF, beside a line.

use diag::{Code, Diagnostic, Place, RuleInfo, Severity};

use super::Leak;

/// The codes that the scanner reports, for `council explain` and SARIF. They are not rules of the playbook: the
/// scanner looks at the texts of files, whatever they declare.
pub static RULES: &[&RuleInfo] = &[&LEAKED];

/// No secret stands in plain text.
static LEAKED: RuleInfo = RuleInfo {
    code: Code("SCN001"),
    name: "leaked-secret",
    severity: Severity::Error,
    summary: "No secret stands in plain text.",
    page: "\
What stands readable in a file is in every clone, every backup and every build log from then on. Change the secret first,
for it is known; then remove it. What only looks like one is excused by an exception of the secret policy, with an owner
and a last day.

`council secrets scan` looks for it in every file, the check of a pull request in every line that it adds.

Fails: `db_password: <the password itself>`.

Mended: `db_password: vault:kv/checkout/orders-db#password`, or a value that SOPS encrypted.
",
};

/// Says it as a diagnostic.
#[must_use]
pub fn leak_diagnostic(leak: &Leak) -> Diagnostic {
    let place = Place::new(leak.path.as_str(), leak.span.unwrap_or_default());
    let message = format!(
        "{} of {} characters stands in plain text (rule `{}`, fingerprint {})",
        leak.title, leak.length, leak.rule, leak.fingerprint
    );
    Diagnostic::new(&LEAKED, place, message)
        .why("whoever can read the file knows it, and so does every copy of it")
        .hint(
            "change it where it is used, remove it here, and keep it in Vault or SOPS; an exception of the secret \
             policy excuses what only looks like a secret",
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::scan;

    #[test]
    fn a_leak_is_told_without_the_secret() {
        let leaks = scan("a/b.yaml", "x: 1\ndb_password: hunter2hunter3\n");
        let told = leak_diagnostic(&leaks[0]);
        assert_eq!(&*told.place.file, "a/b.yaml");
        assert!(told.message.starts_with("a password of 14 characters"), "{}", told.message);
        assert!(!format!("{told:?}").contains("hunter"));
    }

    #[test]
    fn what_is_encrypted_is_no_leak() {
        assert!(scan("a.yaml", "db_password: ENC[AES256_GCM,data:1,iv:2,tag:3]").is_empty());
    }
}
