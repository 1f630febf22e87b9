//! The organization's currency is a current ISO 4217 code.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::currency;
use crate::kinds::Organization;
use crate::suggest;

/// The organization's currency is a current ISO 4217 code.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG012"),
        name: "currency-unknown",
        severity: Severity::Error,
        summary: "The organization's currency is a current ISO 4217 code.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Costs are added up in one currency, with as many digits as it has. `EURO`, `€` or a currency that the euro
replaced would make every sum wrong.

Fails:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EURO, time_zone: Europe/Berlin}
```

Mended:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(organization) = resource.typed::<Organization>() else { return };
    let code = &organization.currency;
    if currency::is_known(code) {
        return;
    }
    let hint = match currency::replacement(code) {
        Some(now) => format!("write `{now}`, which replaced it"),
        None => suggest::hint(code, currency::CODES.iter().map(|code| (*code).to_owned()))
            .unwrap_or_else(|| "write a code of three capital letters, such as `EUR`".to_owned()),
    };
    findings.push(
        at(&RULE, organization, code.span, format!("`{}` is not a currency", code.value))
            .why("currencies are named by their ISO 4217 codes")
            .hint(hint),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;
    use trial::short::organization;

    #[test]
    fn words_signs_and_former_currencies_are_found() {
        for code in ["EURO", "eur", "€", "HRK"] {
            let message = format!("`{code}` is not a currency");
            TRIAL.finds(&RULE, &organization(&format!("currency: {code}")), &[(code, &message)]);
        }
    }

    #[test]
    fn current_codes_are_right() {
        for code in ["EUR", "CHF", "NOK", "ISK", "GBP"] {
            TRIAL.finds(&RULE, &organization(&format!("currency: {code}")), &[]);
        }
    }
}
