//! What an identity provider says arrives unchanged.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::IdentityProvider;

/// What an identity provider says arrives unchanged.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG035"),
        name: "issuer-open",
        severity: Severity::Error,
        summary: "The issuer of an identity provider is reached by https.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Whoever answers under the issuer's address says who may enter, and with which keys that is signed. Over an open wire
that is anybody in between. A provider on this machine alone, for a trial, may do without.

Fails:

```yaml
apiVersion: council/v1
kind: IdentityProvider
metadata: {name: company}
spec: {issuer: "http://login.example.org", client: council}
```

Mended:

```yaml
apiVersion: council/v1
kind: IdentityProvider
metadata: {name: company}
spec: {issuer: "https://login.example.org", client: council}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(provider) = resource.typed::<IdentityProvider>() else { return };
    let issuer = &provider.issuer;
    if is_safe(&issuer.value) {
        return;
    }
    let words = format!("`{}` is not the address of an issuer", issuer.value);
    findings.push(
        at(&RULE, provider, issuer.span, words)
            .why("who may enter would be said over an open wire, or by nobody")
            .hint(
                "write it as its discovery document says it, such as `https://login.example.org`",
            ),
    );
}

/// Says whether an issuer is reached by https, or on this machine.
fn is_safe(issuer: &str) -> bool {
    let has_host = |rest: &str| !rest.is_empty() && !rest.starts_with('/');
    if let Some(rest) = issuer.strip_prefix("https://") {
        return has_host(rest);
    }
    let Some(rest) = issuer.strip_prefix("http://") else { return false };
    let host = rest.split('/').next().unwrap_or_default();
    let host = host
        .strip_prefix("[::1]")
        .map_or_else(|| host.split(':').next().unwrap_or_default(), |_| "localhost");
    matches!(host, "127.0.0.1" | "localhost")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn an_open_wire_and_no_address_are_found() {
        TRIAL.finds(
            &RULE,
            "IdentityProvider/a: {issuer: 'http://login.example.org'}
             IdentityProvider/b: {issuer: 'login.example.org'}
             IdentityProvider/c: {issuer: 'http://127.0.0.1.example.org'}",
            &[
                (
                    "'http://login.example.org'",
                    "`http://login.example.org` is not the address of an issuer",
                ),
                ("'login.example.org'", "`login.example.org` is not the address of an issuer"),
                (
                    "'http://127.0.0.1.example.org'",
                    "`http://127.0.0.1.example.org` is not the address of an issuer",
                ),
            ],
        );
    }

    #[test]
    fn https_and_this_machine_are_right() {
        TRIAL.finds(
            &RULE,
            "IdentityProvider/a: {issuer: 'https://login.example.org/realms/x'}
             IdentityProvider/b: {issuer: 'http://127.0.0.1:5556/dex'}
             IdentityProvider/c: {issuer: 'http://[::1]:5556'}",
            &[],
        );
    }
}
