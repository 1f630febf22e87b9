//! What holds a change in the running server besides approvals: a spent error budget, an open incident.

use std::collections::{BTreeMap, BTreeSet};

use gitops::gate::{Budget, OpenIncident};
use serde_json::{Value, json};

use crate::changing::Changing;
use crate::support::problem;

/// A target that a service notices.
const SERVED: &str = r#"
apiVersion: council/v1
kind: Service
metadata: {name: checkout, title: Checkout}
spec: {owner: team/payments}
---
apiVersion: council/v1
kind: Target
metadata: {name: switches, title: Switches}
spec:
  via: {directory: {path: switches}}
  owner: network
  services: [checkout]
  artefacts:
  - {name: test/vlans, to: vlans.yaml}
"#;

fn incident(mended_by: BTreeSet<String>) -> OpenIncident {
    OpenIncident {
        id: "INC-2026-0001".to_owned(),
        severity: "sev-1".to_owned(),
        services: BTreeSet::from(["checkout".to_owned()]),
        mended_by,
    }
}

#[tokio::test]
async fn a_spent_error_budget_and_an_open_incident_hold_until_they_do_not() {
    let changing = Changing::with(SERVED, |_| {}).await;
    let situation = changing.world.running.state.situation();
    let budget = |left| BTreeMap::from([("checkout".to_owned(), left)]);
    let id = changing.drafted().await;
    changing.approved(&id).await;
    situation.measure(budget(Budget::Spent(None)));
    situation.report(vec![incident(BTreeSet::new())]);
    let path = format!("/changes/{id}/application");
    let held = changing.post(&path, &changing.author, Value::Null).await;
    let held = problem(held, 409, "held").await["reasons"].to_string();
    assert!(held.contains("`service/checkout` has spent its error budget"), "{held}");
    assert!(held.contains("`incident/INC-2026-0001` (sev-1) is open"), "{held}");
    assert_eq!(changing.file(), "");

    // What puts out the fire is not held by it, and a budget that nobody can measure is said and does not hold.
    situation.measure(budget(Budget::Unknown("Prometheus is silent".to_owned())));
    situation.report(vec![incident(BTreeSet::from([id.clone()]))]);
    let detail = changing.detail(&id, &changing.author).await;
    assert_eq!(detail["verdict"]["outcome"], "allow", "{detail:#}");
    let said = detail["verdict"]["reasons"].to_string();
    assert!(said.contains("Prometheus is silent"), "{said}");
    changing.applied(&id, "done").await;
}

#[tokio::test]
async fn an_incident_that_was_declared_holds_what_it_hurts_until_it_is_over() {
    let severity = "---\napiVersion: council/v1\nkind: Severity\nmetadata: {name: sev-1, title: SEV-1}\nspec: {level: 1}\n";
    let changing = Changing::with(&format!("{SERVED}{severity}"), |_| {}).await;
    let id = changing.drafted().await;
    changing.approved(&id).await;
    let key = &changing.approver;
    let post = async |path: &str, body: Value| {
        let answer = changing.post(path, key, body).await;
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.expect("text"));
    };
    let declared =
        json!({"title": "Nobody can pay", "services": ["checkout"], "severity": "sev-1"});
    post("/incidents", declared).await;
    let year = changing.world.running.state.clock().now().to_zoned(jiff::tz::TimeZone::UTC).year();
    let incident = format!("INC-{year}-0001");
    let held = changing.detail(&id, key).await["verdict"].clone();
    assert_eq!(held["outcome"], "wait", "{held:#}");
    assert!(
        held["reasons"].to_string().contains(&format!("`incident/{incident}` (sev-1) is open"))
    );

    // A change that the timeline names is the one that mends it.
    let note = json!({"text": "This brings the limit back.", "source": {"change": id}});
    post(&format!("/incidents/{incident}/timeline"), note).await;
    assert_eq!(changing.detail(&id, key).await["verdict"]["outcome"], "allow");

    let other = changing.drafted().await;
    changing.approved(&other).await;
    assert_eq!(changing.detail(&other, key).await["verdict"]["outcome"], "wait");
    post(&format!("/incidents/{incident}/triage"), json!({"severity": "sev-1"})).await;
    post(&format!("/incidents/{incident}/resolution"), json!({"how": "Rolled back."})).await;
    assert_eq!(changing.detail(&other, key).await["verdict"]["outcome"], "allow");
}
