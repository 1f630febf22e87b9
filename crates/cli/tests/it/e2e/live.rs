//! Pages that are open hear what others do.

use reqwest::Client;
use serde_json::json;
use thirtyfour::prelude::*;

use super::browser::Look;
use super::stage::Stage;

const DECISION: &str = "0011-severity-matrix";

/// Signs somebody in beside the browser: their session's cookie.
async fn sign_in(client: &Client, stage: &Stage, person: &str) -> String {
    let link = stage.council.link(person);
    let secret = link.rsplit('/').next().unwrap();
    let answer = client
        .post(format!("{}/api/v1/sessions", stage.council.origin))
        .json(&json!({"link": secret, "person": person}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_of_another_client_appears_on_the_open_page() {
    let Some(stage) = Stage::open_as("elena", Look::default()).await else { return };
    stage.go(&format!("/decisions/{DECISION}")).await;
    stage.find("form[action$='/propose'] button").await.click().await.unwrap();
    stage.find(".notice.good").await;
    let votes = stage.text("section[aria-labelledby=votes]").await;
    assert!(!votes.contains("Not before the drill."), "{votes}");

    let client = Client::builder().no_proxy().build().unwrap();
    let cookie = sign_in(&client, &stage, "ana").await;
    let reason = "Not before the drill.";
    let vote = json!({"seat": "principal-sre", "position": "object", "reason": reason});
    let answer = client
        .post(format!("{}/api/v1/decisions/{DECISION}/votes", stage.council.origin))
        .header("cookie", cookie)
        .json(&vote)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());

    // Nobody reloads: the page does it by itself.
    let reason = By::XPath("//p[@class='quote'][contains(., 'Not before the drill.')]");
    let shown = stage.browser.driver.query(reason).first().await;
    assert!(shown.is_ok(), "the vote is not on the page: {}", stage.text("main").await);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_is_writing_is_not_swept_away() {
    let Some(stage) = Stage::open_as("elena", Look::default()).await else { return };
    stage.go("/feedback").await;
    let field = stage.find("#text").await;
    field.send_keys("Half a sen").await.unwrap();
    let client = Client::builder().no_proxy().build().unwrap();
    let cookie = sign_in(&client, &stage, "ana").await;
    let answer = client
        .post(format!("{}/api/v1/feedback", stage.council.origin))
        .header("cookie", cookie)
        .json(&json!({"text": "From elsewhere."}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    assert!(stage.text(".toast").await.contains("given"), "the news waits");
    let kept = stage.find("#text").await.prop("value").await.unwrap();
    assert_eq!(kept.as_deref(), Some("Half a sen"));
    stage.close().await;
}
