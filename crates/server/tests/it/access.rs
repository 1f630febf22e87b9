//! Who may do what: every documented operation, in every role.
//!
//! The table names each operation once; a route without a line, or a line without a route, fails.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Key, Role, World};

/// The answer that each role gets: anonymous, outsider, member, holder, backup, operator.
type Expected = [u16; 6];

const EVERYBODY: Expected = [200; 6];
const SIGNED_IN: Expected = [401, 200, 200, 200, 200, 200];
const MEMBERS: Expected = [401, 403, 200, 200, 200, 200];
const OPERATOR: Expected = [401, 403, 403, 403, 403, 201];
/// Permitted, and then there is no such thing.
const MISSING: Expected = [401, 404, 404, 404, 404, 404];
/// Seats may, and then the procedure refuses: nothing is proposed, nobody waits.
const SEATS_REFUSED: Expected = [401, 403, 403, 409, 409, 403];
/// Only those whose thing it is may, and in this world nothing is anybody's.
const NOBODY: Expected = [401, 403, 403, 403, 403, 403];

/// Members may, and it is begun.
const BEGIN: Expected = [401, 403, 201, 201, 201, 403];
/// Seats may, and it is done.
const SEATS: Expected = [401, 403, 403, 201, 201, 403];

/// One line: operation, what is sent, what each role gets.
#[expect(clippy::too_many_lines, reason = "a table: one line an operation")]
fn table() -> BTreeMap<&'static str, (Value, Expected)> {
    let none = Value::Null;
    let action = json!({"title": "Tidy", "owner": "seat/network", "due": "2099-01-01"});
    let question = json!({"name": "new-one", "title": "Which?"});
    let token = json!({"name": "x", "scopes": ["read"]});
    let device = json!({"endpoint": "https://push.example.org/1", "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    }});
    let own = [401, 201, 201, 201, 201, 403];
    BTreeMap::from([
        ("GET /api/v1/actions", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/actions/{id}", (none.clone(), MISSING)),
        ("GET /api/v1/active-decisions", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/audiences", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/audiences/{name}", (none.clone(), MISSING)),
        ("GET /api/v1/calendars", (none.clone(), [401, 200, 200, 200, 200, 403])),
        ("GET /api/v1/calendars/{kind}/{name}/{signature}", (none.clone(), [403; 6])),
        ("GET /api/v1/can", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/change-board", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/changes", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/changes/{id}", (none.clone(), MISSING)),
        ("GET /api/v1/changes/{id}/attestation", (none.clone(), MISSING)),
        ("GET /api/v1/probes", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/hardening", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/hardening/{machine}", (none.clone(), MISSING)),
        (
            "POST /api/v1/hardening/{machine}",
            (json!({"silent": {"why": "x"}}), [401, 403, 409, 409, 409, 403]),
        ),
        ("GET /api/v1/logs", (none.clone(), [401, 403, 409, 409, 409, 403])),
        ("GET /api/v1/traces", (none.clone(), [401, 403, 409, 409, 409, 403])),
        ("GET /api/v1/traces/{id}", (none.clone(), [401, 403, 409, 409, 409, 403])),
        (
            "POST /api/v1/incidents/{id}/evidence",
            (json!({"what": "logs", "service": "x"}), [401, 403, 404, 404, 404, 403]),
        ),
        ("GET /api/v1/objectives", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/objectives/{id}", (none.clone(), MISSING)),
        (
            "POST /api/v1/objectives/{id}/exclusions",
            (
                json!({"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z", "reason": "x"}),
                [401, 403, 403, 409, 409, 403],
            ),
        ),
        (
            "DELETE /api/v1/objectives/{id}/exclusions/{exclusion}",
            (none.clone(), [401, 403, 403, 409, 409, 403]),
        ),
        (
            "POST /api/v1/objectives/{id}/reset",
            (json!({"reason": "x"}), [401, 403, 403, 409, 409, 403]),
        ),
        ("GET /api/v1/alerts", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/alerts/{group}/incident", (none.clone(), MISSING)),
        ("POST /api/v1/alerts/{group}/incident", (none.clone(), MISSING)),
        (
            "POST /api/v1/alerts/{group}/acknowledgement",
            (none.clone(), [401, 403, 409, 409, 409, 403]),
        ),
        ("GET /api/v1/alert-history/{name}", (none.clone(), MISSING)),
        ("GET /api/v1/alert-quality", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/silences", (none.clone(), SIGNED_IN)),
        (
            "POST /api/v1/silences",
            (
                json!({"matchers": "a=b", "until": "2099-01-01T00:00:00Z", "reason": "x"}),
                [401, 403, 409, 409, 409, 403],
            ),
        ),
        ("POST /api/v1/silences/preview", (json!({"matchers": "a=b"}), SIGNED_IN)),
        ("POST /api/v1/silences/{id}/expiry", (none.clone(), MISSING)),
        ("GET /api/v1/incidents", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/incidents/{id}", (none.clone(), MISSING)),
        ("GET /api/v1/incidents/{id}/timeline", (none.clone(), MISSING)),
        ("GET /api/v1/incidents/{id}/notices/{duty}/draft", (none.clone(), MISSING)),
        ("POST /api/v1/incidents", (json!({"title": "Slow"}), own)),
        ("POST /api/v1/incidents/{id}/acknowledgement", (none.clone(), MISSING)),
        ("POST /api/v1/incidents/{id}/triage", (json!({"severity": "x"}), MISSING)),
        (
            "POST /api/v1/incidents/{id}/severity",
            (json!({"severity": "x", "reason": "x"}), MISSING),
        ),
        ("POST /api/v1/incidents/{id}/containment", (json!({"how": "x"}), MISSING)),
        ("POST /api/v1/incidents/{id}/resolution", (json!({"how": "x"}), MISSING)),
        ("POST /api/v1/incidents/{id}/reopening", (json!({"reason": "x"}), MISSING)),
        ("POST /api/v1/incidents/{id}/review", (none.clone(), MISSING)),
        ("POST /api/v1/incidents/{id}/closure", (none.clone(), MISSING)),
        ("POST /api/v1/incidents/{id}/merger", (json!({"into": "x"}), MISSING)),
        (
            "POST /api/v1/incidents/{id}/assignments",
            (json!({"role": "x", "person": "ana"}), MISSING),
        ),
        ("POST /api/v1/incidents/{id}/timeline", (json!({"text": "x"}), MISSING)),
        ("POST /api/v1/incidents/{id}/timeline/{entry}", (json!({"text": "x"}), MISSING)),
        (
            "POST /api/v1/incidents/{id}/updates",
            (json!({"audience": "internal", "text": "x"}), MISSING),
        ),
        ("POST /api/v1/incidents/{id}/checklist", (json!({"item": 0}), MISSING)),
        ("POST /api/v1/incidents/{id}/privacy", (json!({"private": true}), MISSING)),
        (
            "POST /api/v1/incidents/{id}/notices/{duty}/assessment",
            (json!({"answers": []}), MISSING),
        ),
        ("POST /api/v1/incidents/{id}/notices/{duty}/sent", (json!({}), MISSING)),
        ("GET /api/v1/on-call", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/on-call/{schedule}/note", (none.clone(), MISSING)),
        ("GET /api/v1/trends", (none.clone(), SIGNED_IN)),
        // Nobody signs in to a status page; this world declares none.
        ("GET /api/v1/status", (none.clone(), [404; 6])),
        ("GET /api/v1/notifications", (none.clone(), SIGNED_IN)),
        (
            "POST /api/v1/notifications/{id}/acknowledgement",
            (none.clone(), [401, 403, 409, 409, 409, 403]),
        ),
        (
            "POST /api/v1/swaps",
            (
                json!({"schedule": "x", "from": "2099-01-01T00:00:00Z", "to": "2099-01-02T00:00:00Z"}),
                [401, 409, 409, 409, 409, 403],
            ),
        ),
        ("POST /api/v1/swaps/{id}/{answer}", (none.clone(), MISSING)),
        ("GET /api/v1/runbooks", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/runbook-coverage", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/runbooks/{name}", (none.clone(), MISSING)),
        ("POST /api/v1/runbook-runs", (json!({"runbook": "x"}), [401, 403, 409, 409, 409, 403])),
        ("GET /api/v1/runbook-runs/{id}", (none.clone(), MISSING)),
        ("POST /api/v1/runbook-runs/{id}/steps/{step}/approval", (none.clone(), MISSING)),
        ("POST /api/v1/runbook-runs/{id}/steps/{step}/start", (none.clone(), MISSING)),
        (
            "POST /api/v1/runbook-runs/{id}/steps/{step}/ending",
            (json!({"ending": "passed"}), MISSING),
        ),
        ("POST /api/v1/runbook-runs/{id}/abandonment", (json!({"reason": "x"}), MISSING)),
        ("GET /api/v1/postmortems", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/postmortems/{id}", (none.clone(), MISSING)),
        ("POST /api/v1/postmortems/{id}", (none.clone(), MISSING)),
        ("POST /api/v1/postmortems/{id}/sections", (json!({"section": "x", "text": "x"}), MISSING)),
        ("POST /api/v1/postmortems/{id}/factors", (json!({"factor": "x"}), MISSING)),
        ("POST /api/v1/postmortems/{id}/links", (json!({"action": "x", "change": "x"}), MISSING)),
        (
            "POST /api/v1/postmortems/{id}/statements",
            (json!({"action": "x", "reason": "x"}), MISSING),
        ),
        ("POST /api/v1/postmortems/{id}/publication", (none.clone(), MISSING)),
        ("GET /api/v1/drift", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/freezes", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/fleet", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/fleet/machines", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/fleet/machines/{name}", (none.clone(), MISSING)),
        ("GET /api/v1/fleet/racks/{site}/{label}", (none.clone(), MISSING)),
        ("GET /api/v1/inventory", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/inventory/{host}", (none.clone(), MISSING)),
        ("GET /api/v1/plans/{hash}", (none.clone(), MISSING)),
        ("GET /api/v1/plans/{hash}/steps", (none.clone(), MISSING)),
        ("POST /api/v1/changes", (json!({"title": "T", "plan": false}), BEGIN)),
        ("POST /api/v1/changes/{id}/abandonment", (json!({}), MISSING)),
        ("POST /api/v1/changes/{id}/application", (none.clone(), MISSING)),
        (
            "POST /api/v1/changes/{id}/approvals",
            (json!({"seat": "network", "plan": "x", "revision": "x"}), MISSING),
        ),
        (
            "POST /api/v1/changes/{id}/broken-glass",
            (json!({"seat": "network", "reason": "x"}), MISSING),
        ),
        ("POST /api/v1/changes/{id}/description", (json!({"title": "T"}), MISSING)),
        ("POST /api/v1/changes/{id}/plan", (json!({}), MISSING)),
        ("POST /api/v1/changes/{id}/review", (json!({"finding": "x"}), MISSING)),
        ("POST /api/v1/changes/{id}/rollback", (none.clone(), MISSING)),
        ("POST /api/v1/changes/{id}/submission", (none.clone(), MISSING)),
        ("POST /api/v1/changes/{id}/withdrawn-approvals", (json!({"seat": "network"}), MISSING)),
        (
            "POST /api/v1/freezes",
            (json!({"name": "f", "summary": "Launch.", "until": "2099-01-01T00:00:00Z"}), SEATS),
        ),
        ("POST /api/v1/freezes/{name}/lift", (json!({"reason": "x"}), SEATS_REFUSED)),
        (
            "POST /api/v1/freezes/{name}/move",
            (json!({"until": "2099-01-01T00:00:00Z"}), SEATS_REFUSED),
        ),
        ("POST /api/v1/plans", (json!({}), [401, 403, 200, 200, 200, 200])),
        ("GET /api/v1/decision-types", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/decision-types/{name}", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/decisions", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/decisions/{name}", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/diagnostics", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/document", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/environments", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/environments/{name}", (none.clone(), MISSING)),
        ("GET /api/v1/events", (none.clone(), MEMBERS)),
        ("GET /api/v1/feedback", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/feedback/{id}", (none.clone(), MISSING)),
        ("GET /api/v1/gaps", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/ledger", (none.clone(), MEMBERS)),
        ("GET /api/v1/ledger/checkpoints", (none.clone(), MEMBERS)),
        ("GET /api/v1/ledger/entries", (none.clone(), MEMBERS)),
        ("GET /api/v1/ledger/entries/{seq}", (none.clone(), [401, 403, 404, 404, 404, 404])),
        ("GET /api/v1/ledger/verify", (none.clone(), MEMBERS)),
        ("GET /api/v1/me", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/offices", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/offices/{name}", (none.clone(), MISSING)),
        ("GET /api/v1/organization", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/people", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/people/{name}", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/problems", (none.clone(), EVERYBODY)),
        ("GET /api/v1/problems/{code}", (none.clone(), EVERYBODY)),
        ("GET /api/v1/questions", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/questions/{name}", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/raci", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/resources", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/resources/{kind}/{name}", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/rituals", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/rituals/{name}/{date}", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/seats", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/seats/{name}", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/services", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/services/{name}", (none.clone(), MISSING)),
        ("GET /api/v1/sessions", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/devices", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/devices/key", (none.clone(), SIGNED_IN)),
        ("POST /api/v1/devices", (device, own)),
        ("POST /api/v1/devices/{id}/trial", (none.clone(), NOBODY)),
        ("DELETE /api/v1/devices/{id}", (none.clone(), [401, 403, 403, 403, 403, 404])),
        ("GET /api/v1/sites", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/sites/{name}", (none.clone(), MISSING)),
        ("GET /api/v1/teams", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/teams/{name}", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/today", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/tokens", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/whatif", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/who", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/workers", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/workloads", (none.clone(), SIGNED_IN)),
        ("GET /api/v1/workloads/{name}", (none.clone(), MISSING)),
        ("DELETE /api/v1/sessions", (none.clone(), [401, 403, 403, 403, 403, 204])),
        ("DELETE /api/v1/sessions/{id}", (none.clone(), [401, 403, 403, 403, 403, 404])),
        ("DELETE /api/v1/tokens/{id}", (none.clone(), [401, 403, 403, 403, 403, 404])),
        ("POST /api/v1/actions", (action, [401, 403, 201, 201, 201, 403])),
        ("POST /api/v1/actions/{id}/completion", (json!({}), MISSING)),
        ("POST /api/v1/actions/{id}/drop", (json!({"reason": "no"}), MISSING)),
        ("POST /api/v1/actions/{id}/move", (json!({"due": "2099-01-01"}), MISSING)),
        ("POST /api/v1/decisions/{name}/advice", (json!({"party": "seat/network"}), NOBODY)),
        (
            "POST /api/v1/decisions/{name}/answers",
            (json!({"seat": "network", "text": "x"}), NOBODY),
        ),
        ("POST /api/v1/decisions/{name}/expiry", (none.clone(), SEATS_REFUSED)),
        ("POST /api/v1/decisions/{name}/proposal", (none.clone(), [401, 403, 201, 201, 201, 403])),
        ("POST /api/v1/decisions/{name}/rejection", (json!({}), [401, 403, 409, 409, 409, 403])),
        (
            "POST /api/v1/decisions/{name}/votes",
            (json!({"seat": "network", "position": "agree"}), [401, 403, 403, 200, 409, 403]),
        ),
        ("POST /api/v1/decisions/{name}/withdrawal", (json!({}), [401, 403, 200, 200, 200, 403])),
        (
            "POST /api/v1/erasures",
            (json!({"stream": "feedback/x", "reason": "x"}), [401, 403, 403, 403, 403, 404]),
        ),
        ("POST /api/v1/feedback", (json!({"text": "Good."}), [401, 201, 201, 201, 201, 403])),
        ("POST /api/v1/feedback/{id}/answer", (json!({"text": "Thanks."}), MISSING)),
        ("POST /api/v1/feedback/{id}/closing", (none.clone(), MISSING)),
        ("POST /api/v1/ledger/checkpoints", (none.clone(), OPERATOR)),
        ("POST /api/v1/questions", (question, [401, 403, 201, 201, 201, 403])),
        (
            "POST /api/v1/questions/{name}/answer",
            (json!({"decision": "0001-first"}), SEATS_REFUSED),
        ),
        ("POST /api/v1/questions/{name}/reopening", (json!({"reason": "x"}), SEATS_REFUSED)),
        (
            "POST /api/v1/rituals/{name}/{date}/attendance",
            (json!({"seat": "network", "person": "ana"}), SEATS_REFUSED),
        ),
        ("POST /api/v1/rituals/{name}/{date}/closing", (none.clone(), SEATS_REFUSED)),
        ("POST /api/v1/rituals/{name}/{date}/minutes", (json!({"text": "x"}), SEATS_REFUSED)),
        (
            "POST /api/v1/rituals/{name}/{date}/opening",
            (none.clone(), [401, 403, 403, 200, 200, 403]),
        ),
        ("POST /api/v1/sessions", (json!({"link": "made-up"}), [410; 6])),
        ("POST /api/v1/sign-in-links", (json!({"person": "ana"}), OPERATOR)),
        ("POST /api/v1/job-tokens", (json!({"account": "x", "token": "x"}), [401; 6])),
        ("POST /api/v1/tokens", (token, own)),
        ("POST /api/v1/webhooks/{system}", (none.clone(), [404; 6])),
        ("POST /api/v1/workers/{name}/turns", (none, [401, 403, 403, 403, 403, 202])),
    ])
}

/// Things that exist in the small council, for the variable parts of addresses.
fn address(path: &str) -> String {
    let noun = path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default();
    let name = match noun {
        "decisions" => "0001-first",
        "decision-types" => "b",
        "people" => "ana",
        "questions" => "log-stack",
        "rituals" => "weekly-sync",
        "seats" => "network",
        "teams" => "payments",
        "resources" => "ana",
        "workers" => "tail",
        _ => "nothing",
    };
    let path = path
        .replace("{name}", name)
        .replace("{kind}", "person")
        .replace("{date}", "2026-11-20")
        .replace("{code}", "denied")
        .replace("{signature}", "00")
        .replace("{seq}", "999")
        .replace("{system}", "github")
        .replace("{hash}", "nothing")
        .replace("{host}", "nothing")
        .replace("{entry}", "0")
        .replace("{exclusion}", "1")
        .replace("{duty}", "nothing")
        .replace("{site}", "nothing")
        .replace("{label}", "nothing")
        .replace("{id}", "nothing");
    // Who may not read them is told so whatever they ask, and policy is asked only about what can be understood.
    let path = match path.as_str() {
        "/api/v1/logs" | "/api/v1/traces" => format!("{path}?service=x"),
        _ => path,
    };
    match noun {
        "sessions" if path.ends_with("/sessions") => path + "?person=cleo",
        "can" => path + "?person=ana&action=propose&subject=decision/0001-first",
        "who" => path + "?query=firewall",
        "whatif" => path + "?leave=cleo",
        _ => path,
    }
}

/// The operations that the server itself documents.
async fn documented(world: &World) -> Vec<String> {
    let document = world.read("/api/v1/openapi.json", &Key::Nothing).await;
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("methods").keys();
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    operations.collect()
}

#[tokio::test]
async fn every_operation_answers_every_role_as_policy_says() {
    let table = table();
    let known = documented(&World::start().await).await;
    for operation in &known {
        assert!(table.contains_key(operation.as_str()), "`{operation}` is not in the table");
    }
    assert_eq!(table.len(), known.len(), "the table has lines without a route");
    let mut wrong = Vec::new();
    for (at, role) in Role::ALL.into_iter().enumerate() {
        // Operations run in the table's order: who proposed can then withdraw, who holds the seat can vote.
        // Each role has a world of its own, so that what one did is not in the way of the next.
        let world = World::governed().await;
        let key = world.session(role).await;
        for (operation, (body, expected)) in &table {
            let (method, path) = operation.split_once(' ').expect("method and path");
            let method: Method = method.parse().expect("a method");
            let mut request = world.request(method, &address(path), &key);
            if !body.is_null() {
                request = request.json(body);
            }
            let found = request.send().await.expect("an answer").status().as_u16();
            if found != expected[at] {
                wrong.push(format!("{operation} as {role:?}: {found}, not {}", expected[at]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
