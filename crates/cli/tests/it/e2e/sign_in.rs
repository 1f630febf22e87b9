//! Signing in by the link that the terminal shows.

use super::browser::Look;
use super::stage::{PERSON, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_link_lets_one_choose_and_works_once() {
    let Some(stage) = Stage::signed_out(Look::default(), None).await else { return };
    let driver = &stage.browser.driver;
    driver.goto(&stage.council.sign_in).await.unwrap();
    assert_eq!(stage.text("h1").await, "Who are you?");
    stage.find(&format!("input[value={PERSON}]")).await.click().await.unwrap();
    stage.find("form button.primary").await.click().await.unwrap();
    assert_eq!(stage.text("main.page h1").await, "Today");
    assert!(!stage.text(".rail-foot .who").await.is_empty());
    driver.delete_all_cookies().await.unwrap();
    driver.goto(&stage.council.sign_in).await.unwrap();
    assert_eq!(stage.text("h1").await, "The link does not work any more");
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_signed_in_is_told_how_and_nothing_else() {
    let Some(stage) = Stage::signed_out(Look::default(), None).await else { return };
    stage.go("/seats").await;
    assert_eq!(stage.text("h1").await, "Sign in");
    let source = stage.browser.driver.source().await.unwrap();
    assert!(!source.contains("Principal SRE"), "a page leaks to strangers");
    stage.close().await;
}
