//! A decision on its way: put to the council, voted on, recorded; with script and without.

use thirtyfour::prelude::*;

use super::browser::Look;
use super::stage::Stage;

/// A draft of the person below, who also holds one of the seats that decide about it.
const DECISION: &str = "/decisions/0011-severity-matrix";

const AUTHOR: &str = "elena";

async fn propose(stage: &Stage) {
    stage.go(DECISION).await;
    stage.find("form[action$='/propose'] button").await.click().await.unwrap();
    stage.find(".notice.good").await;
}

async fn a_vote_is_recorded(look: Look) {
    let Some(stage) = Stage::open_as(AUTHOR, look).await else { return };
    propose(&stage).await;
    stage.find("input[name=position][value=agree]").await.click().await.unwrap();
    stage.find("form[action$='/vote'] button").await.click().await.unwrap();
    // The page before has a notice too: this one is told by what it says.
    let said = "//*[contains(@class, 'notice')][contains(., 'Your vote stands in the ledger')]";
    stage.browser.driver.query(By::XPath(said)).first().await.unwrap();
    assert!(stage.text("section[aria-labelledby=votes]").await.contains("agrees"));
    stage.go("/ledger?stream=decision").await;
    assert!(stage.text("tbody").await.contains("decision voted"));
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_is_recorded_and_shown() {
    a_vote_is_recorded(Look::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_needs_no_script() {
    a_vote_is_recorded(Look { without_script: true, ..Look::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_without_a_reason_is_refused_with_what_would_pass() {
    let Some(stage) = Stage::open_as(AUTHOR, Look::default()).await else { return };
    propose(&stage).await;
    stage.find("input[name=position][value=object]").await.click().await.unwrap();
    stage.find("form[action$='/vote'] button").await.click().await.unwrap();
    let refusal = stage.text(".notice.bad").await;
    assert!(refusal.contains("It would pass if"), "{refusal}");
    assert!(!stage.text("section[aria-labelledby=votes]").await.contains("objects"));
    stage.close().await;
}
