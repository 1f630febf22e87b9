//! A probe tries one thing, at an address that can be tried.

use diag::{Code, Diagnostic, Place, RuleInfo, Severity, Span};
use playbook::{Check, Resource, Rule, Spanned};

use crate::kinds::{HttpProbe, Probe, host_and_port};

/// A probe tries one thing, at an address that can be tried.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL035"),
        name: "probe-impossible",
        severity: Severity::Error,
        summary: "A probe tries one thing, at an address that can be tried.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A probe that can never succeed spends the whole error budget, and one that tries nothing watches nothing. Passwords do not stand in addresses: a token comes from the variable that `token_from` names.

Fails:

```yaml
apiVersion: council/v1
kind: Probe
metadata: {name: example}
spec: {service: shop, every: 1s, http: {url: shop.example.org}}
---
apiVersion: council/v1
kind: Service
metadata: {name: shop}
spec: {}
```

Mended:

```yaml
apiVersion: council/v1
kind: Probe
metadata: {name: example}
spec: {service: shop, every: 30s, http: {url: 'https://shop.example.org'}}
---
apiVersion: council/v1
kind: Service
metadata: {name: shop}
spec: {}
```
"#;

/// What is wrong, and what to write instead.
type Wrong = (Span, String, &'static str);

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(probe) = resource.typed::<Probe>() else { return };
    for (span, message, hint) in wrong(resource, &probe) {
        let place = Place::new(resource.place.file.clone(), span);
        let finding = Diagnostic::new(&RULE.info, place, message)
            .why("it would watch nothing, or fail for ever")
            .hint(hint);
        findings.push(finding.subject(resource.id.to_string()));
    }
}

fn wrong(resource: &Resource, probe: &Probe) -> Vec<Wrong> {
    let mut wrong: Vec<Wrong> = Vec::new();
    if probe.tries().is_none() {
        let message = "it has to try exactly one of `http`, `tcp`, `tls` and `dns`".to_owned();
        wrong.push((resource.place.span, message, "make a probe of each"));
    }
    if let Some(every) = &probe.every
        && every.value < Probe::LEAST
    {
        let message = format!("every {} is too often", every.value);
        wrong.push((every.span, message, "write 10s or more"));
    }
    if let Some(limit) = &probe.limit
        && (limit.value > probe.interval() || limit.value.as_seconds() == 0)
    {
        let message =
            format!("{} is no time to wait for one of every {}", limit.value, probe.interval());
        wrong.push((
            limit.span,
            message,
            "wait at least 1s, and no longer than until the next one",
        ));
    }
    wrong.extend(probe.http.iter().flat_map(|http| of_http(&http.value)));
    let tcp = probe.tcp.iter().map(|tcp| &tcp.value.address);
    let tls = probe.tls.iter().map(|tls| &tls.value.address);
    for address in tcp.chain(tls).filter(|address| host_and_port(&address.value).is_none()) {
        let message = format!("`{}` is no address", address.value);
        wrong.push((address.span, message, "write it as `host:port`"));
    }
    let pinned = probe.tls.iter().filter_map(|tls| tls.value.certificate.as_ref());
    wrong.extend(pinned.filter_map(of_fingerprint));
    for server in probe.dns.iter().filter_map(|dns| dns.value.server.as_ref()) {
        if server.value.parse::<std::net::SocketAddr>().is_err() {
            let message = format!("`{}` is no address of a name server", server.value);
            wrong.push((server.span, message, "write it as `10.0.0.2:53`"));
        }
    }
    wrong
}

fn of_http(http: &HttpProbe) -> Vec<Wrong> {
    let mut wrong: Vec<Wrong> = Vec::new();
    let url = &http.url;
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        let (begin, rest) = url.value.split_at_checked(scheme.len())?;
        begin.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    match host {
        // The words of it are not repeated: findings are read in more places than playbooks.
        Some(host) if host.contains('@') => wrong.push((
            url.span,
            "the address holds a name or a password".to_owned(),
            "leave them out: a token comes from `token_from`",
        )),
        Some(host) if !host.is_empty() => {}
        Some(_) | None => wrong.push((
            url.span,
            "this is no address of a page".to_owned(),
            "write it as `https://host/path`",
        )),
    }
    for status in http.status.iter().filter(|status| status.value.bounds().is_none()) {
        let message = "this is no status of HTTP".to_owned();
        wrong.push((status.span, message, "write `200`, or `200-299`"));
    }
    wrong.extend(http.certificate.iter().filter_map(of_fingerprint));
    wrong
}

fn of_fingerprint(written: &Spanned<String>) -> Option<Wrong> {
    let digits = written.value.bytes().filter(|byte| *byte != b':');
    let is_one = digits.clone().count() == 64 && digits.clone().all(|it| it.is_ascii_hexdigit());
    let message = "this is no SHA-256 fingerprint of a certificate".to_owned();
    (!is_one).then_some((
        written.span,
        message,
        "write its 64 hexadecimal digits, as `openssl x509 -fingerprint -sha256` shows them",
    ))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn what_can_never_succeed_is_found() {
        TRIAL.finds(
            &RULE,
            "Service/x: {}
             Probe/a: {service: x, every: 1s, limit: 9s, http: {url: 'https://me:secret@shop', status: ['299-200']}}",
            &[
                ("1s", "every 1s is too often"),
                ("9s", "9s is no time to wait for one of every 1s"),
                ("'https://me:secret@shop'", "the address holds a name or a password"),
                ("'299-200'", "this is no status of HTTP"),
            ],
        );
        TRIAL.finds(
            &RULE,
            "Service/x: {}
             Probe/a: {service: x, tls: {address: 'shop', certificate: 'ab:cd'}, dns: {name: x, server: ns1}}",
            &[
                ("a", "it has to try exactly one of `http`, `tcp`, `tls` and `dns`"),
                ("'shop'", "`shop` is no address"),
                ("'ab:cd'", "this is no SHA-256 fingerprint of a certificate"),
                ("ns1", "`ns1` is no address of a name server"),
            ],
        );
    }

    #[test]
    fn what_can_be_tried_is_right() {
        TRIAL.finds(
            &RULE,
            "Service/x: {}
             Probe/a: {service: x, http: {url: 'HTTPS://shop/health?a=b@c', status: [200, '300-399']}}
             Probe/b: {service: x, tcp: {address: '[2001:db8::1]:5432'}}
             Probe/c: {service: x, dns: {name: shop.example.org, record: AAAA, server: '[::1]:53'}}",
            &[],
        );
    }
}
