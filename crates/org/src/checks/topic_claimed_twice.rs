//! A topic belongs to one seat.

use std::collections::{BTreeMap, BTreeSet};

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule, Typed};

use super::{at, on};
use crate::kinds::Seat;
use crate::words::words;

/// A topic belongs to one seat.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG033"),
        name: "topic-claimed-twice",
        severity: Severity::Warning,
        summary: "A topic belongs to one seat.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Topics and covered paths route questions and changes. Where two seats claim the same one, both are asked, and each
believes that the other decides.

Fails:

```yaml
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., topics: [ssh access]}
---
apiVersion: council/v1
kind: Seat
metadata: {name: platform}
spec: {owns: Platforms., topics: [ssh access]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., topics: [ssh access]}
---
apiVersion: council/v1
kind: Seat
metadata: {name: platform}
spec: {owns: Platforms., topics: [ssh images]}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut topics: BTreeMap<BTreeSet<String>, Typed<'_, Seat>> = BTreeMap::new();
    let mut paths: BTreeMap<&str, Typed<'_, Seat>> = BTreeMap::new();
    for seat in model.all::<Seat>() {
        for topic in &seat.spec.topics {
            let first = *topics.entry(words(topic)).or_insert(seat);
            if first.name() != seat.name() {
                let message =
                    format!("the topic `{topic}` belongs to `{}`, too", first.resource.id);
                findings.push(finding(on(&RULE, seat, message), first));
            }
        }
        for path in &seat.spec.covers.paths {
            let first = *paths.entry(path.as_str()).or_insert(seat);
            if first.name() != seat.name() {
                let message =
                    format!("the path `{}` belongs to `{}`, too", path.value, first.resource.id);
                findings.push(finding(at(&RULE, seat, path.span, message), first));
            }
        }
    }
}

fn finding(started: Diagnostic, first: Typed<'_, Seat>) -> Diagnostic {
    started
        .why("each believes that the other decides")
        .hint("leave it to one seat, or say more exactly which part is whose")
        .related(first.resource.place.clone(), "the other seat")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_same_topic_in_other_words_is_found() {
        TRIAL.finds(
            &RULE,
            "Seat/a: {owns: x, topics: [SSH access], covers: {paths: [ssh/**]}}
             Seat/b: {owns: x, topics: [access of SSH], covers: {paths: [ssh/**]}}",
            &[
                ("b", "the topic `access of SSH` belongs to `seat/a`, too"),
                ("ssh/**", "the path `ssh/**` belongs to `seat/a`, too"),
            ],
        );
    }

    #[test]
    fn twice_in_one_seat_and_different_topics_are_right() {
        TRIAL.finds(
            &RULE,
            "Seat/a: {owns: x, topics: [vlan, VLANs]}\nSeat/b: {owns: x, topics: [vpn]}",
            &[],
        );
    }
}
