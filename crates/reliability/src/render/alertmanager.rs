//! A complete `alertmanager.yml`, for those who keep an Alertmanager of their own and have it tell council.
//!
//! One receiver for each escalation policy; routes from the ownership graph, those of the playbook first, because they are
//! more particular. Every receiver hands alerts to council's webhook, which tells people; nothing in it is secret: the token stands
//! in a file beside it.

use std::fmt::Write as _;

use org::kinds::Service;
use playbook::{Model, Period, Spanned};

use crate::alerts::{Matcher, Routing, parse_matchers};
use crate::kinds::{AlertRouting, AlertingStrategy, Stretch};
use crate::oncall::escalate::policy_of;

/// Where council is reached when the playbook does not say.
const COUNCIL: &str = "http://127.0.0.1:7420";

/// The file that holds the token for council, on Alertmanager's machine.
const TOKEN_FILE: &str = "/etc/alertmanager/council.token";

/// The configuration. The same playbook gives the same bytes.
#[must_use]
pub fn alertmanager(model: &Model) -> String {
    let said = model.all::<AlertingStrategy>().find_map(|found| found.spec.routing.clone());
    let said = said.unwrap_or_default();
    let routing = Routing::of(model);
    let mut receivers = routing.receivers();
    if receivers.is_empty() {
        receivers.push("council".to_owned());
    }
    let mut text = String::from("# Rendered by council from the playbook; edits are lost.\n");
    let mut line = |words: String| text.extend([words.as_str(), "\n"]);
    line(format!("global:\n  resolve_timeout: {}", seconds(routing.resolve_timeout())));
    line(format!("route:\n  receiver: {}", quoted(default(model, &receivers))));
    line(format!("  group_by: {}", list(&group_by(&said.group_by))));
    line(format!("  group_wait: {}", seconds(routing.group_wait())));
    line(format!("  group_interval: {}", seconds(routing.group_interval())));
    line(format!("  repeat_interval: {}", seconds(routing.repeat_interval())));
    line("  routes:".to_owned());
    line(routes(model, &said));
    if !said.inhibit.is_empty() {
        line(inhibitions(&said));
    }
    let intervals = intervals(model, &said);
    if !intervals.is_empty() {
        line(format!("time_intervals:\n{intervals}"));
    }
    line("receivers:".to_owned());
    let council = said.council.as_deref().unwrap_or(COUNCIL).trim_end_matches('/');
    for receiver in &receivers {
        line(format!("  - name: {}\n    webhook_configs:", quoted(receiver)));
        line(format!("      - url: {}", quoted(&format!("{council}/api/v2/webhook"))));
        line(
            "        send_resolved: true\n        http_config:\n          authorization:"
                .to_owned(),
        );
        line(format!("            credentials_file: {}", quoted(TOKEN_FILE)));
    }
    while text.contains("\n\n") {
        text = text.replace("\n\n", "\n");
    }
    text
}

fn default<'a>(model: &Model, receivers: &'a [String]) -> &'a str {
    let policies = model.all::<crate::kinds::EscalationPolicy>().find(|policy| policy.default);
    let named = policies.and_then(|policy| receivers.iter().find(|name| *name == policy.name()));
    named.or(receivers.first()).map_or("council", String::as_str)
}

/// Routes of the playbook, and then those that follow from ownership.
fn routes(model: &Model, said: &AlertRouting) -> String {
    let mut text = String::new();
    for (number, route) in said.routes.iter().enumerate() {
        let service = route.service.as_ref().map(|service| service.name());
        let by_service = || policy_of(model, service?).map(|policy| policy.name().to_owned());
        let policy = route.escalate_by.as_ref().map(|policy| policy.name().to_owned());
        let receiver = policy.or_else(by_service);
        let _ = write!(text, "    - matchers: {}", matchers(&route.matching));
        if let Some(receiver) = receiver {
            let _ = write!(text, "\n      receiver: {}", quoted(&receiver));
        }
        if !route.group_by.is_empty() {
            let _ = write!(text, "\n      group_by: {}", list(&route.group_by));
        }
        for (word, stretches) in [("mute", &route.mute), ("active", &route.active)] {
            if !stretches.is_empty() {
                let name = [format!("{word}-{number}")];
                let _ = write!(text, "\n      {word}_time_intervals: {}", list(&name));
            }
        }
        text.push('\n');
    }
    for service in model.all::<Service>() {
        if let Some(policy) = policy_of(model, service.name()) {
            let matcher = [format!("service={:?}", service.name())];
            let receiver = quoted(policy.name());
            let _ =
                writeln!(text, "    - matchers: {}\n      receiver: {receiver}", list(&matcher));
        }
    }
    if text.is_empty() { "    []".to_owned() } else { text }
}

fn inhibitions(said: &AlertRouting) -> String {
    let mut text = String::from("inhibit_rules:\n");
    for one in &said.inhibit {
        let _ = writeln!(text, "  - source_matchers: {}", matchers(&one.source));
        let _ = writeln!(text, "    target_matchers: {}", matchers(&one.target));
        let _ = writeln!(text, "    equal: {}", list(&one.equal));
    }
    text
}

/// Hours, each under the name that its route uses. Those that run past midnight are two.
fn intervals(model: &Model, said: &AlertRouting) -> String {
    let zone = crate::record::facts::time_zone(model);
    let zone = quoted(zone.iana_name().unwrap_or("UTC"));
    let mut text = String::new();
    for (number, route) in said.routes.iter().enumerate() {
        for (word, stretches) in [("mute", &route.mute), ("active", &route.active)] {
            if stretches.is_empty() {
                continue;
            }
            let _ = writeln!(text, "  - name: \"{word}-{number}\"\n    time_intervals:");
            for (days, from, to) in stretches.iter().flat_map(parts) {
                let _ = writeln!(text, "      - weekdays: {}", list(&days));
                let _ = writeln!(
                    text,
                    "        times: [{{start_time: \"{from}\", end_time: \"{to}\"}}]"
                );
                let _ = writeln!(text, "        location: {zone}");
            }
        }
    }
    text
}

/// A stretch as Alertmanager wants it: within one day.
fn parts(stretch: &Stretch) -> Vec<(Vec<String>, String, String)> {
    let day = |day: jiff::civil::Weekday| {
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let place = usize::try_from(day.to_monday_zero_offset()).unwrap_or(0);
        names.get(place).copied().unwrap_or("monday").to_owned()
    };
    let days = || stretch.days.iter().map(|one| jiff::civil::Weekday::from(*one));
    let time = |at: jiff::civil::Time| at.strftime("%H:%M").to_string();
    let midnight = jiff::civil::Time::midnight();
    let end = |at| if at == midnight { "24:00".to_owned() } else { time(at) };
    if stretch.to > stretch.from || stretch.to == midnight {
        return vec![(days().map(day).collect(), time(stretch.from), end(stretch.to))];
    }
    let next = days().map(|one| day(one.next())).collect();
    vec![
        (days().map(day).collect(), time(stretch.from), "24:00".to_owned()),
        (next, "00:00".to_owned(), time(stretch.to)),
    ]
}

/// Matchers of the playbook one by one; a text of it may hold several. What cannot be read a rule reports.
fn matchers(texts: &[Spanned<String>]) -> String {
    let read = texts.iter().flat_map(|text| parse_matchers(&text.value).unwrap_or_default());
    list(&read.map(|matcher: Matcher| matcher.to_string()).collect::<Vec<_>>())
}

fn group_by(said: &[String]) -> Vec<String> {
    if said.is_empty() { vec!["alertname".to_owned(), "service".to_owned()] } else { said.to_vec() }
}

fn seconds(length: jiff::SignedDuration) -> String {
    Period::seconds(length.as_secs().unsigned_abs()).to_string()
}

/// A YAML string; JSON's are.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn list(texts: &[String]) -> String {
    serde_json::Value::from(texts).to_string()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::testing::table;

    #[test]
    fn amtool_accepts_what_is_rendered_and_routes_as_we_do() {
        let workspace = table(
            "Person/ana: {}
             Team/core: {members: [ana]}
             Service/api: {owner: team/core}
             EscalationPolicy/any: {default: true, steps: [{notify: [team/core], wait: 5m}]}
             EscalationPolicy/core: {for: [team/core], steps: [{notify: [team/core], wait: 5m}]}
             AlertingStrategy/a: {principles: [], routing: {council: 'https://council.example/', routes: [{match: ['job=~\"pg.*\", a!=\"\"'], escalate_by: core, group_by: [job], mute: [{days: [fri], from: '22:00', to: '06:00'}]}], inhibit: [{source: ['alertname=SiteDown'], target: ['alertname!=SiteDown'], equal: [site]}]}}",
        );
        let text = alertmanager(workspace.model());
        assert!(text.contains("https://council.example/api/v2/webhook"), "{text}");
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("alertmanager.yml");
        std::fs::write(&file, &text).expect("a file");
        let ask = |arguments: &[&str]| {
            let mut command = Command::new("amtool");
            command.args(arguments.iter().map(|one| one.replace("FILE", &file.to_string_lossy())));
            let output = match command.output() {
                Ok(output) => output,
                Err(error) => {
                    println!("amtool is not here, so it was not asked: {error}");
                    return None;
                }
            };
            assert!(output.status.success(), "{output:?}\n{text}");
            Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        if ask(&["check-config", "FILE"]).is_none() {
            return;
        }
        let route = |labels: &[&str]| {
            let mut arguments = vec!["config", "routes", "test", "--config.file=FILE"];
            arguments.extend(labels);
            ask(&arguments)
        };
        assert_eq!(route(&["service=api"]).as_deref(), Some("core"));
        assert_eq!(route(&["service=else"]).as_deref(), Some("any"));
        assert_eq!(route(&["job=pg-1", "a=b"]).as_deref(), Some("core"));
    }
}
