//! A service account is for jobs that can be told apart.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::ServiceAccount;

/// A service account is for jobs that can be told apart.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG036"),
        name: "job-anybodys",
        severity: Severity::Error,
        summary: "A job that may act by a service account is named by the project that it runs for.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"The issuer of a public pipeline vouches for the jobs of everybody in the world. A claim such as `ref` is made by all of
them; only the project (`repository`, `project_path`, `sub` and their ids) says whose job it is. Its value begins with
letters of its own: `*` alone, or at the beginning, is anybody's.

Fails:

```yaml
apiVersion: council/v1
kind: ServiceAccount
metadata: {name: pipeline}
spec:
  purpose: Plans.
  owner: seat/network
  scopes: [read]
  jobs: [{provider: company, claims: {ref: refs/heads/main}}]
```

Mended:

```yaml
apiVersion: council/v1
kind: ServiceAccount
metadata: {name: pipeline}
spec:
  purpose: Plans.
  owner: seat/network
  scopes: [read]
  jobs: [{provider: company, claims: {repository: example/playbook, ref: refs/heads/main}}]
```
"#;

/// The claims by which the usual systems say whose a job is.
const OWNERS: [&str; 10] = [
    "sub",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "project_path",
    "project_id",
    "namespace_path",
    "namespace_id",
    "client_id",
];

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(account) = resource.typed::<ServiceAccount>() else { return };
    for job in &account.jobs {
        let says_whose = |(claim, value): (&String, &playbook::Spanned<String>)| {
            OWNERS.contains(&claim.as_str())
                && !value.value.is_empty()
                && !value.value.starts_with('*')
        };
        if job.claims.iter().any(says_whose) {
            continue;
        }
        let words = format!("any project's job could act by `{}`", account.name());
        findings.push(
            at(&RULE, account, job.provider.span(), words)
                .why("nothing that is asked of its token says whose job it is")
                .hint("add a claim such as `repository: example/playbook`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    const PROVIDER: &str = "IdentityProvider/hub: {issuer: 'https://jobs.example.org'}\n             Seat/net: {owns: x, primary: ana}\n             ";

    #[test]
    fn a_job_of_nobody_in_particular_is_found() {
        let words = "any project's job could act by `a`";
        for claims in ["{}", "{ref: refs/heads/main}", "{repository: '*'}", "{sub: '*:main'}"] {
            let account = format!(
                "{PROVIDER}ServiceAccount/a: {{purpose: x, owner: seat/net, scopes: [read], jobs: [{{provider: hub, claims: {claims}}}]}}"
            );
            TRIAL.finds(&RULE, &account, &[("hub", words)]);
        }
    }

    #[test]
    fn a_job_of_a_project_is_right() {
        let account = format!(
            "{PROVIDER}ServiceAccount/a: {{purpose: x, owner: seat/net, scopes: [read], jobs: [{{provider: hub, claims: {{sub: 'repo:example/*'}}}}]}}"
        );
        TRIAL.finds(&RULE, &account, &[]);
    }
}
