//! Hardening: what audits report, what the record keeps of it, and what people see.

use serde_json::{Value, json};

use crate::pages::page;
use crate::support::{Key, Role, World};

const HALL: &str = "
apiVersion: council/v1
kind: Site
metadata: {name: eu-1, title: Berlin}
spec: {role: primary}
---
apiVersion: council/v1
kind: Baseline
metadata: {name: server}
spec:
  controls:
    - {id: ssh, area: ssh, requires: No passwords., settings: {sshd: {PasswordAuthentication: 'no'}}}
    - {id: packages, area: packages, settings: {absent: [telnet]}}
---
apiVersion: council/v1
kind: Role
metadata: {name: compute, title: Compute nodes}
spec: {purpose: Run., baseline: server, owner: network}
---
apiVersion: council/v1
kind: Machine
metadata: {name: n1}
spec: {site: eu-1, role: compute}
---
apiVersion: council/v1
kind: Waiver
metadata: {name: tools, title: Old tools}
spec: {baseline: server, control: packages, covers: [machine/n1], reason: A vendor., owner: network, until: 2099-01-01}
";

fn answered(ssh: &str) -> Value {
    let why = if ssh == "broken" {
        json!(["`PasswordAuthentication` of the SSH server: yes; it must be no"])
    } else {
        json!([])
    };
    json!({"answered": {
        "baseline": "server",
        "controls": {"ssh": {"outcome": ssh, "why": why}, "packages": {"outcome": "broken"}},
        "system": "Debian GNU/Linux 12", "restart": true,
    }})
}

async fn report(world: &World, who: &Key, body: Value) -> u16 {
    world.post("/api/v1/hardening/n1", who, body).await.status().as_u16()
}

#[tokio::test]
async fn what_an_audit_found_is_remembered_once_and_shown_to_those_who_may_look() {
    let world = World::governed_and(&[("hall.yaml", HALL)], |_| {}).await;
    let (ana, dan) = (world.session(Role::Holder).await, world.session(Role::Member).await);
    let before = world.read("/api/v1/hardening", &dan).await;
    assert_eq!((&before["all"]["percent"], &before["all"]["unaudited"]), (&Value::Null, &json!(1)));
    assert!(page(&world, "/fleet/hardening", &dan).await.contains("nobody has audited them yet"));

    assert_eq!(report(&world, &dan, answered("broken")).await, 201);
    assert_eq!(report(&world, &dan, answered("broken")).await, 204, "it is known");
    let found = world.read("/api/v1/hardening/n1", &dan).await;
    assert_eq!(found["row"]["standing"], "broken", "{found:#}");
    assert_eq!(found["row"]["share"]["waived"], 1, "{found:#}");
    let shown = page(&world, "/fleet/hardening", &dan).await;
    assert!(shown.contains("0 % of what was judged") && shown.contains("Old tools"), "{shown}");
    let shown = page(&world, "/fleet/machines/n1", &dan).await;
    assert!(shown.contains("it must be no") && shown.contains("waived"), "{shown}");

    assert_eq!(report(&world, &ana, answered("held")).await, 201);
    assert_eq!(report(&world, &ana, json!({"silent": {"why": "unreachable"}})).await, 201);
    let all = world.read("/api/v1/hardening", &dan).await;
    assert_eq!(all["all"]["percent"], 100, "what it said stays true: {all:#}");
    assert_eq!(all["hosts"][0]["silent"], "unreachable", "{all:#}");

    let entries = world.read("/api/v1/ledger", &ana).await;
    assert_eq!(entries["seq"], 3, "{entries:#}");
    for wrong in
        [json!({"answered": {}}), json!({"silent": {"why": "x".repeat(301)}}), json!({"else": 1})]
    {
        let status = report(&world, &ana, wrong.clone()).await;
        assert!([400, 409, 422].contains(&status), "{wrong}: {status}");
    }
}
