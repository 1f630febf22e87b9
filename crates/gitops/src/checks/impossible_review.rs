//! A change policy asks for a number of reviews that can be reached.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::ChangePolicy;

/// A change policy asks for a number of reviews that can be reached.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GIT002"),
        name: "impossible-review",
        severity: Severity::Error,
        summary: "A change policy asks for a number of reviews that can be reached.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"With fewer seats than reviews, no change ever passes; with no review at all, the policy promises something that does not happen.

Fails:

```yaml
apiVersion: council/v1
kind: ChangePolicy
metadata: {name: work}
spec: {reviews: {at_least: 2, seats: [platform]}}
```

Mended:

```yaml
apiVersion: council/v1
kind: ChangePolicy
metadata: {name: work}
spec: {reviews: {at_least: 1}}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(policy) = resource.typed::<ChangePolicy>() else { return };
    let reviews = &policy.reviews;
    let (wanted, seats) = (reviews.at_least.value, reviews.seats.len());
    let too_many = seats > 0 && usize::try_from(wanted).map_or(true, |wanted| wanted > seats);
    let message = match wanted {
        0 => "a review by nobody is no review".to_owned(),
        _ if too_many => format!("{wanted} reviews are asked of {seats} seats"),
        _ => return,
    };
    findings.push(
        Diagnostic::new(&RULE.info, resource.at(reviews.at_least.span), message)
            .why("each seat counts once")
            .hint("choose a number from 1 to the number of seats that count")
            .subject(resource.id.to_string()),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn numbers_that_cannot_be_reached_are_found() {
        TRIAL.finds(
            &RULE,
            "
            ChangePolicy/a: {reviews: {at_least: 0}}
            ChangePolicy/b: {reviews: {at_least: 3, seats: [x, y]}}
        ",
            &[("0", "a review by nobody is no review"), ("3", "3 reviews are asked of 2 seats")],
        );
    }

    #[test]
    fn a_number_that_can_be_reached_is_right() {
        TRIAL.finds(
            &RULE,
            "
            ChangePolicy/a: {reviews: {at_least: 5}}
            ChangePolicy/b: {reviews: {at_least: 2, seats: [x, y]}}
        ",
            &[],
        );
    }
}
