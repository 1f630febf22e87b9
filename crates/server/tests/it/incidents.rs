//! An incident from the first word to the last verified action, over the API and over the pages.

use reqwest::Response;
use serde_json::{Value, json};

use crate::pages::{page, sent};
use crate::support::{Key, Role, World, problem};

/// Two severities, a role, a law, a template; a service that another one needs.
pub(crate) const RELIABILITY: &str = r#"
apiVersion: council/v1
kind: Service
metadata: {name: db, title: Database}
spec: {owner: seat/network, tier: important}
---
apiVersion: council/v1
kind: Service
metadata: {name: shop, title: Shop}
spec: {owner: seat/network, tier: critical, depends_on: [db]}
---
apiVersion: council/v1
kind: Severity
metadata: {name: sev-1, title: SEV-1}
spec:
  level: 1
  meaning: Nobody can buy.
  respond_within: 10m
  update_every: 30m
  postmortem: true
  proposed_when: {critical_services: 1}
  checklist: [Tell customers., Freeze changes.]
---
apiVersion: council/v1
kind: Severity
metadata: {name: sev-3, title: SEV-3}
spec: {level: 3, meaning: Colleagues notice., postmortem: false}
---
apiVersion: council/v1
kind: IncidentRole
metadata: {name: commander, title: Incident Commander}
spec: {order: 1, does: Leads., required: true}
---
apiVersion: council/v1
kind: NoticeDuty
metadata: {name: gdpr, title: GDPR}
spec:
  law: GDPR, article 33
  source: https://eur-lex.europa.eu/eli/reg/2016/679/oj
  to: The authority
  within: {hours: 72}
  since: aware
  questions: [Was personal data lost?]
---
apiVersion: council/v1
kind: PostmortemTemplate
metadata: {name: postmortem, title: Postmortem}
spec:
  blameless: true
  due_business_days: 5
  sections: [{title: What happened}, {title: Timeline}, {title: Follow-up actions}]
"#;

struct Leading {
    world: World,
    ana: Key,
    dan: Key,
    eve: Key,
}

impl Leading {
    async fn start() -> Self {
        let world = World::governed_and(&[("reliability.yaml", RELIABILITY)], |_| {}).await;
        let ana = world.session(Role::Holder).await;
        let dan = world.session(Role::Member).await;
        let eve = world.session(Role::Outsider).await;
        Self { world, ana, dan, eve }
    }

    async fn post(&self, path: &str, key: &Key, body: Value) -> Response {
        self.world.post(&format!("/api/v1{path}"), key, body).await
    }

    #[track_caller]
    fn ok(&self, path: &str, key: &Key, body: Value) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        async move {
            let answer = self.post(path, key, body).await;
            let (status, text) = (answer.status(), answer.text().await.expect("text"));
            assert!(status.is_success(), "{path} at {caller}: {text}");
            serde_json::from_str(&text).expect("JSON")
        }
    }

    /// Declares an incident and returns its address below `/api/v1`.
    async fn declared(&self, key: &Key, further: Value) -> String {
        let mut body = json!({"title": "Nobody can pay", "services": ["db"]});
        let fields = further.as_object().expect("fields").clone();
        body.as_object_mut().expect("fields").extend(fields);
        let done = self.ok("/incidents", key, body).await;
        let stream = done["stream"].as_str().expect("text");
        stream.replacen("incident", "/incidents", 1)
    }

    async fn read(&self, path: &str, key: &Key) -> Value {
        self.world.read(&format!("/api/v1{path}"), key).await
    }
}

#[tokio::test]
async fn an_incident_is_led_learned_from_and_closed() {
    let led = Leading::start().await;
    let at = led.declared(&led.eve, json!({"began": "2026-01-01T10:00:00Z"})).await;
    let detail = led.read(&at, &led.ana).await;
    assert_eq!(detail["proposal"]["severity"], "sev-1", "the shop needs the database: {detail:#}");
    assert_eq!(detail["also_hurt"], json!(["shop"]));
    let waits = detail["row"]["waits"].to_string();
    assert!(waits.contains("nobody is Incident Commander"), "{waits}");

    led.ok(&format!("{at}/triage"), &led.dan, json!({"severity": "sev-1"})).await;
    let commander = json!({"role": "commander", "person": "ana", "note": "The bank called."});
    led.ok(&format!("{at}/assignments"), &led.ana, commander).await;
    led.ok(&format!("{at}/checklist"), &led.ana, json!({"item": 0})).await;
    let note = json!({"text": "1.2 went live", "source": {"deploy": "shop 1.2"}});
    led.ok(&format!("{at}/timeline"), &led.dan, note).await;
    led.ok(&format!("{at}/timeline/0"), &led.dan, json!({"text": "1.3 went live"})).await;
    let update = json!({"audience": "external", "text": "Cards do not work; we are on it."});
    led.ok(&format!("{at}/updates"), &led.ana, update).await;
    led.ok(&format!("{at}/notices/gdpr/assessment"), &led.ana, json!({"answers": [true]})).await;
    let draft = led.read(&format!("{at}/notices/gdpr/draft"), &led.ana).await;
    assert!(draft["text"].to_string().contains("What: Nobody can pay"), "{draft}");
    led.ok(&format!("{at}/notices/gdpr/sent"), &led.ana, json!({"reference": "A-7"})).await;
    led.ok(&format!("{at}/containment"), &led.dan, json!({"how": "Cards are off."})).await;
    let early = led.post(&format!("{at}/review"), &led.ana, Value::Null).await;
    problem(early, 409, "wrong-stage").await;
    led.ok(&format!("{at}/resolution"), &led.dan, json!({"how": "1.2 is back."})).await;

    let detail = led.read(&at, &led.ana).await;
    assert_eq!(detail["row"]["leads"]["name"], "ana");
    assert_eq!(detail["notices"][0]["standing"], "sent");
    assert_eq!(detail["checklist"][0]["done_by"]["name"], "ana");
    assert!(detail["row"]["clocks"]["to_detect"].as_i64().expect("minutes") > 0);
    let story = led.read(&format!("{at}/timeline"), &led.ana).await;
    let told: Vec<_> = story["lines"].as_array().expect("lines").iter().collect();
    let of =
        |kind: &str| told.iter().find(|line| line["kind"] == kind).expect(kind)["said"].clone();
    assert_eq!(of("noted"), "1.3 went live");
    assert_eq!(of("resolved"), "1.2 is back.");

    learn_and_close(&led, &at).await;
    let sound = led.read("/ledger/verify", &led.ana).await;
    assert_eq!(sound["sound"], true);
}

/// The postmortem, its action, and the end.
async fn learn_and_close(led: &Leading, at: &str) {
    let learned = at.replacen("incidents", "postmortems", 1);
    led.ok(&learned, &led.dan, Value::Null).await;
    let early = led.post(&format!("{learned}/publication"), &led.ana, Value::Null).await;
    problem(early, 409, "unwritten").await;
    let part = json!({"section": "What happened", "text": "Dan was careless with the queue."});
    led.ok(&format!("{learned}/sections"), &led.dan, part).await;
    led.ok(&format!("{learned}/factors"), &led.dan, json!({"factor": "missing-limit"})).await;
    let detail = led.read(&learned, &led.dan).await;
    let remarks = detail["sections"][0]["remarks"].to_string();
    assert!(remarks.contains("careless"), "blame is flagged: {detail:#}");
    let stream = learned.trim_start_matches('/').replacen("postmortems", "postmortem", 1);
    let action = json!({
        "title": "Bound the queue", "owner": "seat/network", "due": "2099-01-01", "from": stream
    });
    let opened = led.ok("/actions", &led.dan, action).await;
    let id = opened["stream"].as_str().expect("text").trim_start_matches("action/").to_owned();
    led.ok(&format!("{learned}/publication"), &led.ana, Value::Null).await;
    led.ok(&format!("{at}/review"), &led.ana, Value::Null).await;

    let early = led.post(&format!("{at}/closure"), &led.ana, Value::Null).await;
    let early = problem(early, 409, "unverified-actions").await;
    assert!(early["reasons"].to_string().contains(&id), "{early}");
    let stated = json!({"action": id, "reason": "Drilled on Friday."});
    led.ok(&format!("{learned}/statements"), &led.dan, stated).await;
    led.ok(&format!("{at}/closure"), &led.ana, Value::Null).await;
    let detail = led.read(at, &led.ana).await;
    assert_eq!(detail["row"]["stage"], "closed");
    assert_eq!(detail["row"]["waits"], json!([]));
    assert_eq!(detail["follow_ups"][0]["waits"], Value::Null);
}

#[tokio::test]
async fn a_private_incident_is_there_for_those_who_work_on_it_alone() {
    let led = Leading::start().await;
    let at = led.declared(&led.ana, json!({"private": true})).await;
    let other = led.declared(&led.dan, json!({})).await;
    assert_eq!(led.world.get(&format!("/api/v1{at}"), &led.dan).await.status(), 404);
    let list = led.read("/incidents", &led.dan).await;
    assert_eq!(list["items"].as_array().expect("items").len(), 1);
    for (path, body) in [
        (format!("{at}/acknowledgement"), Value::Null),
        (format!("{at}/timeline"), json!({"text": "Hello?"})),
        (format!("{other}/merger"), json!({"into": at.trim_start_matches("/incidents/")})),
    ] {
        problem(led.post(&path, &led.dan, body).await, 404, "not-found").await;
    }
    let shown = led.world.get(&at, &led.dan).await;
    assert_eq!(shown.status(), 404, "the page, too");
    let words = |key| led.read("/ledger/entries?opened=true", key);
    assert!(words(&led.ana).await.to_string().contains("Nobody can pay"));
    let stream = at.trim_start_matches('/').replacen("incidents", "incident", 1);
    let entries = words(&led.dan).await;
    let entries = entries["items"].as_array().expect("entries").clone();
    let sealed = entries.iter().find(|entry| entry["stream"] == stream.as_str()).expect("it");
    assert!(!sealed.to_string().contains("Nobody can pay"), "{sealed}");

    let dan = json!({"role": "commander", "person": "dan"});
    led.ok(&format!("{at}/assignments"), &led.ana, dan).await;
    led.ok(&format!("{at}/timeline"), &led.dan, json!({"text": "I see it now."})).await;
}

#[tokio::test]
async fn whoever_has_not_seen_what_changed_does_not_overwrite_it_and_ids_never_collide() {
    let led = Leading::start().await;
    let none = || json!({});
    let (first, second, third) = tokio::join!(
        led.declared(&led.ana, none()),
        led.declared(&led.dan, none()),
        led.declared(&led.eve, none()),
    );
    let mut ids = [first.clone(), second, third];
    ids.sort();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    let answer = led.world.get(&format!("/api/v1{first}"), &led.ana).await;
    let tag = answer.headers()["etag"].to_str().expect("text").to_owned();
    led.ok(&format!("{first}/triage"), &led.dan, json!({"severity": "sev-3"})).await;
    let path = format!("/api/v1{first}/resolution");
    let late = led.world.request(reqwest::Method::POST, &path, &led.ana);
    let late = late.header("if-match", tag).json(&json!({"how": "x"}));
    problem(late.send().await.expect("an answer"), 412, "changed-meanwhile").await;
}

#[tokio::test]
async fn the_pages_lead_an_incident_without_script() {
    let led = Leading::start().await;
    let (world, ana) = (&led.world, &led.ana);
    let fields = [("title", "Search is slow"), ("service", "db"), ("severity", "")];
    let at = sent(world, ana, "/incidents/declare", "/incidents", &fields).await;
    let shown = page(world, &at, ana).await;
    assert!(shown.contains("Search is slow") && shown.contains("Proposed"), "{shown}");
    let act = async |deed: &str, fields: &[(&str, &str)]| {
        let to = sent(world, ana, &at, &format!("{at}/{deed}"), fields).await;
        page(world, &to, ana).await
    };
    act("triage", &[("severity", "sev-1"), ("service", "db"), ("service", "shop")]).await;
    act("assign", &[("role", "commander"), ("person", "ana")]).await;
    act("tick", &[("item", "1")]).await;
    act("remark", &[("text", "The cache is cold."), ("at", "2026-01-01T10:00")]).await;
    act("assess", &[("duty", "gdpr"), ("answer-0", "yes")]).await;
    let shown = page(world, &format!("{at}/notice/gdpr"), ana).await;
    assert!(shown.contains("GDPR, article 33"), "{shown}");
    act("inform", &[("audience", "internal"), ("text", "We are on it.")]).await;
    let shown = page(world, "/incidents", ana).await;
    assert!(shown.contains("Going on") && shown.contains("GDPR is to be sent"), "{shown}");
    let today = page(world, "/", ana).await;
    assert!(today.contains("Search is slow"), "{today}");
    let shown = act("resolve", &[("how", "It is warm again.")]).await;
    assert!(shown.contains("The cache is cold.") && shown.contains("It is warm again."), "{shown}");

    let learned = format!("{at}/postmortem");
    let to = sent(world, ana, &at, &format!("{learned}/draft"), &[]).await;
    assert_eq!(to, learned);
    let part = [("section", "What happened"), ("text", "A cold cache.")];
    sent(world, ana, &learned, &format!("{learned}/write"), &part).await;
    let action = [("title", "Warm it first"), ("owner", "seat/network"), ("due", "2099-01-01")];
    sent(world, ana, &learned, &format!("{learned}/action"), &action).await;
    sent(world, ana, &learned, &format!("{learned}/publish"), &[]).await;
    let shown = page(world, &learned, ana).await;
    assert!(shown.contains("A cold cache.") && shown.contains("Warm it first"), "{shown}");
    assert!(shown.contains("published"), "{shown}");
    act("review", &[]).await;
    let shown = act("close", &[]).await;
    assert!(shown.contains("still open"), "the action keeps it open: {shown}");
    for path in [&at, &learned, "/incidents"] {
        let shown = page(world, path, ana).await;
        assert!(shown.len() < 60 * 1024, "{path} has {} bytes", shown.len());
    }
    // As it was before anybody had seen it.
    let past = page(world, &format!("{at}?as_of=1"), ana).await;
    assert!(past.contains("As it was") && !past.contains("Triage it"), "{past}");
}

const STATUS_PAGE: &str = "
apiVersion: council/v1
kind: StatusPage
metadata: {name: public, title: How we are}
spec: {components: [{title: Buying, services: [shop, db]}, {title: Mail, services: [shop]}]}
";

#[tokio::test]
async fn the_outside_sees_what_it_was_told_and_nothing_else() {
    let files = [("reliability.yaml", RELIABILITY), ("status.yaml", STATUS_PAGE)];
    let world = World::governed_and(&files, |_| {}).await;
    let ana = world.session(Role::Holder).await;
    let dan = world.session(Role::Member).await;
    let eve = world.session(Role::Outsider).await;
    let led = Leading { world, ana, dan, eve };
    let shown = page(&led.world, "/status", &Key::Nothing).await;
    assert!(shown.contains("Everything works."), "{shown}");

    let at = led.declared(&led.ana, json!({})).await;
    led.ok(&format!("{at}/triage"), &led.ana, json!({"severity": "sev-1"})).await;
    led.ok(
        &format!("{at}/updates"),
        &led.ana,
        json!({"audience": "internal", "text": "Ana suspects the disk."}),
    )
    .await;
    let shown = page(&led.world, "/status", &Key::Nothing).await;
    assert!(shown.contains("Everything works."), "{shown}");

    led.ok(
        &format!("{at}/updates"),
        &led.ana,
        json!({"audience": "external", "text": "Buying <fails> for some."}),
    )
    .await;
    let shown = page(&led.world, "/status", &Key::Nothing).await;
    assert!(shown.contains("Something does not work"), "{shown}");
    assert!(shown.contains("Buying &lt;fails&gt; for some."), "{shown}");
    for inside in ["Nobody can pay", "Ana", "ana", "INC-", "sev-1"] {
        assert!(!shown.contains(inside), "`{inside}` is inside: {shown}");
    }
    let told = led.read("/status", &Key::Nothing).await;
    let standings: Vec<_> =
        told["components"].as_array().expect("rows").iter().map(|row| &row["standing"]).collect();
    assert_eq!(standings, ["outage", "operational"]);

    led.ok(&format!("{at}/resolution"), &led.ana, json!({"how": "The disk is new."})).await;
    let shown = page(&led.world, "/status", &Key::Nothing).await;
    assert!(shown.contains("Everything works.") && shown.contains("over on"), "{shown}");
}

#[tokio::test]
async fn trends_count_what_the_viewer_may_see() {
    let led = Leading::start().await;
    let at = led.declared(&led.ana, json!({})).await;
    led.ok(&format!("{at}/triage"), &led.ana, json!({"severity": "sev-1"})).await;
    led.ok(&format!("{at}/resolution"), &led.ana, json!({"how": "The disk is new."})).await;
    let learned = at.replace("incidents", "postmortems");
    led.ok(&learned, &led.ana, Value::Null).await;
    led.ok(&format!("{learned}/factors"), &led.ana, json!({"factor": "disk-full"})).await;
    led.declared(&led.ana, json!({"private": true})).await;
    let counted = async |key: &Key| {
        let trends = led.read("/trends", key).await;
        let weeks = trends["weeks"].as_array().expect("weeks").clone();
        assert_eq!(weeks.len(), 12, "{trends:#}");
        let incidents = weeks.last().expect("this week")["incidents"].clone();
        (incidents, trends)
    };
    let (all, trends) = counted(&led.ana).await;
    assert_eq!(all, 2, "{trends:#}");
    assert_eq!(trends["keys"]["restore_minutes"], 0, "{trends:#}");
    assert_eq!(trends["keys"]["failure_rate"], Value::Null, "{trends:#}");
    assert_eq!(trends["factors"][0]["factor"], "disk-full", "{trends:#}");
    assert_eq!(counted(&led.eve).await.0, 1);
    let shown = page(&led.world, "/trends", &led.ana).await;
    assert!(shown.contains("disk-full") && shown.contains("Week by week"), "{shown}");
}
