//! The settings of a control stand in the files of a machine as they are written.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::{Baseline, Settings};

/// The settings of a control stand in the files of a machine as they are written.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT020"),
        name: "hardening-setting",
        severity: Severity::Error,
        summary: "The settings of a control stand in the files of a machine as they are written.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Settings become lines of the SSH server's configuration and of the kernel's. A keyword with a blank in it, or a value with a line break, is read as something else, and a control that seems to hold does not. One wrong keyword keeps the SSH server from starting at all.

Fails:

```yaml
apiVersion: council/v1
kind: Baseline
metadata: {name: server}
spec: {controls: [{id: ssh-01, area: ssh, settings: {sshd: {"Permit Root Login": "no"}}}]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Baseline
metadata: {name: server}
spec: {controls: [{id: ssh-01, area: ssh, settings: {sshd: {PermitRootLogin: "no"}}}]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(baseline) = resource.typed::<Baseline>() else { return };
    for control in &baseline.spec.controls {
        for (what, text) in wrong(&control.settings) {
            let message = format!(
                "the control `{}` has the {what} `{}`",
                control.id.value,
                text.escape_debug()
            );
            findings.push(
                Diagnostic::new(&RULE.info, resource.at(control.id.span), message)
                    .why("on a machine it would be read as something else")
                    .hint("write it as the program's manual does")
                    .subject(resource.id.to_string()),
            );
        }
    }
}

/// What is wrong in settings, with the text.
fn wrong(settings: &Settings) -> Vec<(&'static str, &str)> {
    let is_word = |text: &str, more: &str| {
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || more.contains(letter);
        !text.is_empty() && text.chars().all(is_letter)
    };
    let is_value = |text: &str| !text.trim().is_empty() && !text.chars().any(char::is_control);
    let mut wrong = Vec::new();
    for (key, value) in &settings.sshd {
        if !is_word(key, "") {
            wrong.push(("impossible keyword", key.as_str()));
        }
        if !is_value(value) {
            wrong.push(("impossible value", value.as_str()));
        }
    }
    for (key, value) in &settings.kernel {
        if !is_word(key, "._-/*") {
            wrong.push(("impossible kernel setting", key.as_str()));
        }
        if !is_value(value) {
            wrong.push(("impossible value", value.as_str()));
        }
    }
    let packages = settings.installed.iter().chain(&settings.absent);
    wrong.extend(
        packages
            .filter(|package| !is_word(package, "+.-:"))
            .map(|package| ("impossible package", package.as_str())),
    );
    wrong
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn what_would_be_read_as_something_else_is_found() {
        TRIAL.finds(
            &RULE,
            r#"
            Baseline/a: {controls: [{id: one, area: ssh, settings: {sshd: {X11Forwarding: "no\nPermitRootLogin yes"}, kernel: {"a b": "1"}, absent: ["telnetd; reboot"]}}]}
        "#,
            &[
                ("one", "the control `one` has the impossible kernel setting `a b`"),
                ("one", "the control `one` has the impossible package `telnetd; reboot`"),
                ("one", r"the control `one` has the impossible value `no\nPermitRootLogin yes`"),
            ],
        );
    }

    #[test]
    fn plain_settings_are_right() {
        TRIAL.finds(
            &RULE,
            r#"
            Baseline/a: {controls: [{id: one, area: ssh, settings: {sshd: {Ciphers: "a@b.c,d"}, kernel: {net.ipv4.ip_forward: "0"}, installed: [libstdc++6], security_updates: true}}]}
        "#,
            &[],
        );
    }
}
