//! What somebody reads who is told of a group of alerts: enough to know, on a locked phone, what it is and where to begin.

use jiff::tz::TimeZone;

use super::alerts::{AlertGroupRow, AlertRow};

/// How many alerts a message names; a phone shows a few lines.
const NAMED: usize = 3;

/// How many labels stand beside what an alert says.
const LABELS: usize = 4;

/// The message about a group: what each of its alerts says, and its runbooks. `origin` begins the addresses of our own
/// pages (`https://council.example`).
pub fn alert_message(group: &AlertGroupRow, origin: &str, zone: &TimeZone) -> String {
    let mut lines: Vec<String> =
        group.alerts.iter().take(NAMED).map(|alert| line(alert, zone)).collect();
    // Many pods say the same in the same minute.
    lines.dedup();
    let more = group.count.saturating_sub(NAMED);
    if more > 0 {
        lines.push(format!("and {}", diag::words::count(more, "more alert")));
    }
    let mut runbooks: Vec<&str> =
        group.alerts.iter().filter_map(|alert| alert.runbook.as_deref()).collect();
    runbooks.sort_unstable();
    runbooks.dedup();
    for address in runbooks.into_iter().take(NAMED) {
        let own = if address.starts_with('/') { origin } else { "" };
        lines.push(format!("Runbook: {own}{address}"));
    }
    lines.join("\n")
}

fn line(alert: &AlertRow, zone: &TimeZone) -> String {
    let labels = alert.labels.0.iter().filter(|(name, _)| *name != "severity").take(LABELS);
    let labels: Vec<String> = labels.map(|(name, value)| format!("{name}={value}")).collect();
    let since = alert.since.to_zoned(zone.clone()).strftime("since %H:%M %Z").to_string();
    let said = alert.summary.iter().cloned();
    said.chain(labels.into_iter().reduce(|all, one| format!("{all} {one}")))
        .chain([since])
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::Labels;
    use crate::kinds::Reaction;

    fn alert(pod: &str, runbook: Option<&str>) -> AlertRow {
        let labels = Labels::of([("pod", pod), ("severity", "page")]);
        AlertRow {
            fingerprint: labels.fingerprint(),
            labels,
            summary: Some("The shop is slow".to_owned()),
            runbook: runbook.map(str::to_owned),
            since: "2026-11-23T02:12:00Z".parse().expect("a moment"),
            quiet: vec![],
            source: None,
        }
    }

    fn said(alerts: Vec<AlertRow>, count: usize) -> String {
        let group = AlertGroupRow {
            key: "k".to_owned(),
            title: "Slow".to_owned(),
            labels: Labels::default(),
            matchers: String::new(),
            service: None,
            policy: None,
            category: None,
            reaction: Reaction::WakeSomebody,
            since: "2026-11-23T02:12:00Z".parse().expect("a moment"),
            told: None,
            acknowledged: None,
            incident: None,
            free: count,
            count,
            alerts,
        };
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        alert_message(&group, "https://council.example", &zone)
    }

    #[test]
    fn a_message_says_what_is_wrong_since_when_and_what_to_do() {
        let one = said(vec![alert("a", Some("/runbooks/slow"))], 1);
        assert_eq!(
            one,
            "The shop is slow, pod=a, since 03:12 CET\nRunbook: https://council.example/runbooks/slow"
        );
    }

    #[test]
    fn many_alerts_are_counted_and_a_runbook_elsewhere_stays_there() {
        let elsewhere = Some("https://wiki.example/slow");
        let all = ["a", "b", "c", "d"].map(|pod| alert(pod, elsewhere)).to_vec();
        assert_eq!(
            said(all, 6).lines().collect::<Vec<_>>(),
            [
                "The shop is slow, pod=a, since 03:12 CET",
                "The shop is slow, pod=b, since 03:12 CET",
                "The shop is slow, pod=c, since 03:12 CET",
                "and 3 more alerts",
                "Runbook: https://wiki.example/slow",
            ]
        );
    }

    #[test]
    fn what_says_nothing_is_known_by_its_labels() {
        let bare = AlertRow { summary: None, ..alert("a", None) };
        assert_eq!(said(vec![bare], 1), "pod=a, since 03:12 CET");
    }
}
