//! Pictures of the pages for the documentation, made when asked for:
//! `COUNCIL_SCREENSHOTS=1 cargo test -p council-cli screenshots`.

use std::path::PathBuf;

use base64::Engine as _;
use serde_json::json;

use super::browser::Look;
use super::stage::Stage;

/// A picture in the documentation stays below this.
const MOST_BYTES: usize = 400 * 1024;

/// The tallest picture, in units of the page; what is below is cut off.
const TALLEST: u64 = 1_400;

/// Name and path of each picture.
const PICTURES: &[(&str, &str)] = &[
    ("today", "/"),
    ("seats", "/seats"),
    ("people", "/people"),
    ("raci", "/raci"),
    ("decisions", "/decisions"),
    ("decision", "/decisions/0011-severity-matrix"),
    ("rituals", "/rituals"),
    ("agenda", "/rituals/weekly-sync/2026-11-23"),
    ("questions", "/questions"),
    ("playbook", "/playbook"),
    ("chapter", "/playbook/chapter/platform"),
    ("who", "/who?q=checkout"),
    ("whatif", "/who/leave?person=ana&on=2027-01-15"),
    ("ledger", "/ledger"),
    ("diagnostics", "/diagnostics"),
    ("changes", "/changes"),
    ("change", "/changes/CHG-2026-0001"),
    ("drift", "/drift"),
    ("freezes", "/freezes"),
    ("inventory", "/inventory"),
    ("fleet", "/fleet"),
    ("site", "/fleet/sites/eu-1"),
    ("machine", "/fleet/machines/eu-1-cmp-01"),
    ("objectives", "/objectives"),
    ("objective", "/objectives/checkout-availability"),
    ("incidents", "/incidents"),
    ("incident", "/incidents/INC-2026-0001"),
    ("on-call", "/on-call"),
    ("alerts", "/alerts"),
    ("trends", "/trends"),
    ("status", "/status"),
    ("runbook", "/runbooks/checkout-slow"),
];

/// The pictures that are also made in the dark and on a phone; all of them would only be weight.
const ALSO: &[&str] =
    &["today", "seats", "decision", "raci", "agenda", "change", "site", "incident", "on-call"];

/// What the change on the pictures says of itself.
const CHANGE: &[(&str, &str)] = &[
    ("title", "Core VLANs for the switches of both sites"),
    ("description", "The playbook names the six core VLANs; the switches read them from here."),
    ("risk", "A wrong number cuts a network off until the way back is taken."),
    ("rollback", "Roll the change back: the files are removed as they came."),
    ("evidence", "Applied in the lab on Friday."),
];

async fn take(look: Look, suffix: &str) {
    let Some(stage) = Stage::open_as("elena", look).await else { return };
    // Something to look at: a proposal with a vote.
    stage.go("/decisions/0011-severity-matrix").await;
    stage.find("form[action$='/propose'] button").await.click().await.unwrap();
    stage.find("input[value=agree]").await.click().await.unwrap();
    let reason = "The drill of October showed what fifteen minutes are worth.";
    stage.find("textarea[name=reason]").await.send_keys(reason).await.unwrap();
    stage.find("form[action$='/vote'] button").await.click().await.unwrap();
    stage.find(".notice.good").await;
    // And a change that waits for a seat.
    stage.go("/changes/new").await;
    for (field, words) in CHANGE {
        stage.find(&format!("[name={field}]")).await.send_keys(*words).await.unwrap();
    }
    stage.find("main form button.primary").await.click().await.unwrap();
    stage.find("form[action$='/submit'] button").await.click().await.unwrap();
    stage.find(".verdict").await;
    // And an incident that somebody began to look at.
    stage.go("/incidents/declare").await;
    stage.find("[name=title]").await.send_keys("Customers cannot pay by card").await.unwrap();
    stage.find("[name=severity][value=sev-2]").await.click().await.unwrap();
    stage.find("option[value=checkout-api]").await.click().await.unwrap();
    stage.find("main form button.primary").await.click().await.unwrap();
    stage.find(".notice.good").await;
    stage.go_until("/fleet/sites/eu-1", "circle.rack-power.on").await;
    stage.go("/").await;
    let width = look.width.unwrap_or(1280);
    let wanted = |name: &&str| suffix.is_empty() || ALSO.contains(name);
    for (name, path) in PICTURES.iter().filter(|(name, _)| wanted(name)) {
        stage.go(path).await;
        let tall = stage.browser.evaluate("return document.documentElement.scrollHeight").await;
        let height = tall.as_u64().unwrap().clamp(800, TALLEST);
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500});
        stage.browser.command("Emulation.setDeviceMetricsOverride", metrics).await;
        let shot = stage
            .browser
            .command("Page.captureScreenshot", json!({"format": "png", "optimizeForSpeed": false}))
            .await;
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(shot["data"].as_str().unwrap())
            .unwrap();
        assert!(bytes.len() < MOST_BYTES, "{name} has {} bytes", bytes.len());
        std::fs::write(directory().join(format!("{name}{suffix}.png")), bytes).unwrap();
        stage.browser.command("Emulation.clearDeviceMetricsOverride", json!({})).await;
    }
    stage.close().await;
}

fn directory() -> PathBuf {
    let directory = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/screenshots"));
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

#[tokio::test(flavor = "multi_thread")]
async fn screenshots_are_taken_when_asked_for() {
    if std::env::var_os("COUNCIL_SCREENSHOTS").is_none() {
        println!("left out: screenshots, because COUNCIL_SCREENSHOTS is not set");
        return;
    }
    take(Look::default(), "").await;
    take(Look { dark: true, ..Look::default() }, "-dark").await;
    take(Look { width: Some(390), ..Look::default() }, "-phone").await;
}
