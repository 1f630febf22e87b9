//! What council asks for logs and traces keeps them, and has an address.

use diag::{Code, Diagnostic, Place, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::{Signal, TelemetryStore, TelemetryTool};

/// What council asks for logs and traces keeps them, and has an address.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL034"),
        name: "telemetry-access",
        severity: Severity::Error,
        summary: "What council asks for logs and traces keeps them, and has an address.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"In an incident nobody has time to find out that the log store is asked for traces, or at an address that is none.

Fails:

```yaml
apiVersion: council/v1
kind: TelemetryTool
metadata: {name: example}
spec: {signal: logs, chosen: Loki, access: {speaks: tempo, url: loki.example.org}}
```

Mended:

```yaml
apiVersion: council/v1
kind: TelemetryTool
metadata: {name: example}
spec: {signal: logs, chosen: Loki, access: {speaks: loki, url: 'https://loki.example.org'}}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(tool) = resource.typed::<TelemetryTool>() else { return };
    let Some(access) = &tool.access else { return };
    let mut report = |span, message: String, hint: String| {
        let place = Place::new(resource.place.file.clone(), span);
        let finding = Diagnostic::new(&RULE.info, place, message)
            .why("in an incident it would be asked in vain")
            .hint(hint);
        findings.push(finding.subject(resource.id.to_string()));
    };
    let store = access.speaks.value;
    if store.keeps() != tool.signal {
        let (keeps, asked) = (word(store.keeps()), word(tool.signal));
        let message = format!("{} keeps {keeps}, and this is about {asked}", store.title());
        let hint = match tool.signal {
            Signal::Metrics | Signal::Profiles => {
                "leave `access` out: numbers are asked of a `DataSource`".to_owned()
            }
            Signal::Logs | Signal::Traces => format!(
                "name a store of {asked}, or declare {} as a tool of its own",
                store.title()
            ),
        };
        report(access.speaks.span, message, hint);
    }
    let page = access.page.as_ref().map(|page| &page.url);
    for url in std::iter::once(&access.url).chain(page) {
        let schemes = ["http://", "https://"];
        let rest = schemes.iter().find_map(|scheme| {
            let (begin, rest) = url.value.split_at_checked(scheme.len())?;
            begin.eq_ignore_ascii_case(scheme).then_some(rest)
        });
        match rest.filter(|rest| !rest.is_empty()) {
            // The words of it are not repeated: findings are read in more places than playbooks.
            Some(rest) if rest.contains('@') => report(
                url.span,
                "the address holds a name or a password".to_owned(),
                "leave them out: they come from `user` and `secret_from`".to_owned(),
            ),
            Some(_) => {}
            None => report(
                url.span,
                // The words of one that may hold a password are not repeated.
                match url.value.contains('@') {
                    true => "this is no address that can be asked".to_owned(),
                    false => format!("`{}` is no address that can be asked", url.value),
                },
                "write it as `https://host`".to_owned(),
            ),
        }
    }
    let searches = matches!(store, TelemetryStore::Elasticsearch | TelemetryStore::Opensearch);
    if searches && access.index.is_none() {
        let message = format!("nobody says which indices of {} hold the logs", store.title());
        report(access.speaks.span, message, "name them as `index`, such as `logs-*`".to_owned());
    }
}

fn word(signal: Signal) -> &'static str {
    match signal {
        Signal::Metrics => "metrics",
        Signal::Logs => "logs",
        Signal::Traces => "traces",
        Signal::Profiles => "profiles",
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_store_of_something_else_and_an_address_that_is_none_are_found() {
        TRIAL.finds(
            &RULE,
            "TelemetryTool/x: {signal: logs, access: {speaks: jaeger, url: 'ftp://jaeger'}}",
            &[
                ("jaeger", "Jaeger keeps traces, and this is about logs"),
                ("'ftp://jaeger'", "`ftp://jaeger` is no address that can be asked"),
            ],
        );
        TRIAL.finds(
            &RULE,
            "TelemetryTool/x: {signal: logs, access: {speaks: opensearch, url: 'https://me:secret@logs'}}",
            &[
                ("opensearch", "nobody says which indices of OpenSearch hold the logs"),
                ("'https://me:secret@logs'", "the address holds a name or a password"),
            ],
        );
    }

    #[test]
    fn a_store_of_the_signal_at_an_address_is_right() {
        TRIAL.finds(
            &RULE,
            "TelemetryTool/x: {signal: traces, access: {speaks: tempo, url: 'http://tempo:3200', page: {url: 'https://grafana'}}}",
            &[],
        );
    }
}
