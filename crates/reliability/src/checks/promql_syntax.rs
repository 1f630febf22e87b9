//! A Prometheus query is PromQL.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::promql::{self, SyntaxError};
use crate::slo::{Asked, all_queries};

/// A Prometheus query is PromQL.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL022"),
        name: "promql-syntax",
        severity: Severity::Error,
        summary: "A Prometheus query is PromQL.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A rule file with one broken query is refused as a whole, and with it every alert of every service in it. The query is read as Prometheus 3 reads it, types of functions and operators included; `{{.window}}` may stand where a range does.

Fails:

```yaml
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, good: {metricSource: {type: Prometheus, spec: {query: "sum(rate(ok_total[5m])"}}}, total: {metricSource: {type: Prometheus, spec: {query: all_total}}}}}
```

Mended:

```yaml
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, good: {metricSource: {type: Prometheus, spec: {query: "sum(rate(ok_total[5m]))"}}}, total: {metricSource: {type: Prometheus, spec: {query: all_total}}}}}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for (resource, queries) in all_queries(model) {
        for asked in queries {
            let Err(error) = promql::parse(asked.text) else { continue };
            let message = format!("the query is not PromQL{}: {error}", line(&asked, &error));
            findings.push(
                Diagnostic::new(&RULE.info, resource.at(asked.place(error.span)), message)
                    .why("Prometheus refuses the whole rule file that it stands in")
                    .hint(
                        error
                            .hint
                            .unwrap_or("mend the query here; `promtool` reads it the same way"),
                    )
                    .subject(resource.id.to_string()),
            );
        }
    }
}

/// Where in a query of several lines.
fn line(asked: &Asked<'_>, error: &SyntaxError) -> String {
    let before = asked.text.get(..error.span.start as usize).unwrap_or_default();
    if !asked.text.trim_end().contains('\n') {
        return String::new();
    }
    let column = before.chars().rev().take_while(|one| *one != '\n').count() + 1;
    format!(" (its line {}, column {column})", before.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_place_in_the_query_is_named() {
        TRIAL.finds(
            &RULE,
            r#"
            SLI@openslo/v1/a: {thresholdMetric: {metricSource: {type: prometheus, spec: {query: "sum(up) by job"}}}}
            SLI@openslo/v1/b: {thresholdMetric: {metricSource: {metricSourceRef: here, spec: {query: rate(up)}}}}
            DataSource@openslo/v1/here: {type: Prometheus, connectionDetails: {}}
            SLI@openslo/v1/c: {thresholdMetric: {metricSource: {spec: {query: "sum(\nrate(x[5m]\n"}}}}
            "#,
            &[
                ("job", "the query is not PromQL: `job` stands where `(` is expected"),
                ("up", "the query is not PromQL: `rate` wants a range vector, and this is an instant vector"),
                (
                    r#""sum(\nrate(x[5m]\n""#,
                    "the query is not PromQL (its line 3, column 1): the query ends before `)`",
                ),
            ],
        );
    }

    #[test]
    fn other_software_s_queries_are_its_own_business() {
        TRIAL.finds(
            &RULE,
            r#"
            SLI@openslo/v1/a: {thresholdMetric: {metricSource: {type: Datadog, spec: {query: "sum:trace.hits{*}.as_count()"}}}}
            SLI@openslo/v1/b: {thresholdMetric: {metricSource: {metricSourceRef: there, spec: {query: "not promql"}}}}
            DataSource@openslo/v1/there: {type: Dynatrace, connectionDetails: {}}
            SLI@openslo/v1/c: {ratioMetric: {rawType: failure, raw: {metricSource: {spec: {query: "sum(rate(x[{{.window}}])) / sum(rate(y[{{ .window }}]))"}}}}}
            "#,
            &[],
        );
    }
}
