//! What a change leaves behind: signed statements for others, and lines on the council's agendas.

use std::str::FromStr as _;

use gitops::attestation;
use ledger::{Envelope, PublicKey};
use serde_json::{Value, json};

use crate::changing::Changing;

/// A target, and a ritual that looks at changes every day.
const DAILY: &str = r#"
apiVersion: council/v1
kind: Ritual
metadata: {name: daily, title: Daily}
spec:
  goal: Know what changes.
  cadence: FREQ=DAILY
  starts: 2026-01-01
  at: "10:00"
  duration: {from: 15m, to: 30m}
  attendees: all-seats
  agenda:
  - {title: Shipped, source: shipped-changes}
  - {title: Coming, source: upcoming-changes-and-decisions}
---
apiVersion: council/v1
kind: Target
metadata: {name: switches, title: Switches}
spec:
  via: {directory: {path: switches}}
  owner: network
  artefacts:
  - {name: test/vlans, to: vlans.yaml}
"#;

#[tokio::test]
async fn approvals_are_signed_statements_that_anybody_verifies() {
    let changing = Changing::with(DAILY, |_| {}).await;
    let id = changing.drafted().await;
    let path = format!("/api/v1/changes/{id}/attestation");
    let nothing = changing.world.read(&path, &changing.author).await;
    assert_eq!(nothing["statements"], json!([]), "nobody has approved yet");
    changing.approved(&id).await;
    let detail = changing.detail(&id, &changing.author).await;
    let signed = changing.world.read(&path, &changing.author).await;
    let key = PublicKey::from_str(signed["key"].as_str().expect("a key")).expect("a key");
    let statements = signed["statements"].as_array().expect("statements");
    assert_eq!(statements.len(), detail["approvals"].as_array().expect("approvals").len());
    assert!(!statements.is_empty());
    for statement in statements {
        let envelope = &statement["envelope"];
        let read = |envelope: &Value| -> Envelope {
            serde_json::from_value(envelope.clone()).expect("an envelope")
        };
        let body = attestation::verify(&read(envelope), &key).expect("it verifies");
        assert_eq!(body["subject"][0]["digest"]["sha256"], detail["plan"]["hash"]);
        assert_eq!(body["predicate"]["change"], id.as_str());
        // One letter of the payload changed, and it proves nothing.
        let mut forged = envelope.clone();
        let payload = forged["payload"].as_str().expect("base64").replacen('e', "f", 1);
        forged["payload"] = json!(payload);
        attestation::verify(&read(&forged), &key).expect_err("it was changed");
    }
    // It is the key by which the ledger's checkpoints are verified.
    let checkpoint = changing.world.running.state.ledger().checkpoint(jiff::Timestamp::now());
    assert_eq!(checkpoint.expect("it is signed").key, key);
}

impl Changing {
    /// The next daily agenda: what has shipped, what is coming.
    async fn agenda(&self) -> (String, String) {
        let now = self.world.running.state.clock().now().in_tz("Europe/Berlin").expect("a zone");
        let is_over = now.time() >= jiff::civil::time(10, 30, 0, 0);
        let next = if is_over { now.date().tomorrow().expect("in range") } else { now.date() };
        let path = format!("/api/v1/rituals/daily/{next}");
        let agenda = self.world.read(&path, &self.author).await;
        let parts = agenda["parts"].as_array().expect("parts");
        (parts[0].to_string(), parts[1].to_string())
    }
}

#[tokio::test]
async fn agendas_show_what_shipped_what_comes_and_the_review_that_is_due() {
    let changing = Changing::with(DAILY, |_| {}).await;
    let id = changing.drafted().await;
    changing.ok(format!("/changes/{id}/submission"), &changing.author, Value::Null).await;
    let (shipped, coming) = changing.agenda().await;
    assert!(coming.contains(&id) && !shipped.contains(&id), "{shipped} {coming}");

    let glass = json!({"seat": "network", "reason": "The site is down."});
    changing.ok(format!("/changes/{id}/broken-glass"), &changing.approver, glass).await;
    changing.applied(&id, "done").await;
    let (shipped, coming) = changing.agenda().await;
    assert!(shipped.contains("applied, by break-glass"), "{shipped}");
    assert!(coming.contains("Review of break-glass"), "it comes back until it is done: {coming}");

    let finding = json!({"finding": "It was right; the freeze was too wide."});
    changing.ok(format!("/changes/{id}/review"), &changing.other, finding).await;
    let (shipped, coming) = changing.agenda().await;
    assert!(shipped.contains(&id) && !coming.contains(&id), "{shipped} {coming}");
}
