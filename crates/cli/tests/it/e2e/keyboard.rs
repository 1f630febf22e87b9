//! The council without a mouse.

use thirtyfour::prelude::*;

use super::browser::Look;
use super::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_finds_a_seat_by_keys_alone() {
    let Some(stage) = Stage::open(Look::default()).await else { return };
    stage.browser.press("/").await;
    stage.find("dialog[open] input").await;
    stage.browser.press("network sec").await;
    stage.find("#palette-list [aria-selected=true] + [role=option]").await;
    stage
        .browser
        .driver
        .query(By::Css("#palette-list [aria-selected=true]"))
        .with_text("Network & Security Architect\nseat")
        .first()
        .await
        .unwrap();
    stage.browser.press(Key::Enter).await;
    let heading =
        stage.browser.driver.query(By::Css("h1")).with_text("Network & Security Architect");
    heading.first().await.unwrap();
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_letters_go_to_a_page_and_a_question_mark_lists_them() {
    let Some(stage) = Stage::open(Look::default()).await else { return };
    stage.browser.press("gs").await;
    stage.browser.driver.query(By::Css("h1")).with_text("Seats").first().await.unwrap();
    stage.browser.press("?").await;
    assert!(stage.text("dialog[open] dl").await.contains("RACI"));
    stage.browser.press(Key::Escape).await;
    stage.browser.press("j").await;
    let focused =
        stage.browser.evaluate("return document.activeElement.getAttribute('href')").await;
    assert_eq!(focused, "/seats/principal-sre");
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_tab_stop_skips_the_rail() {
    let Some(stage) = Stage::open(Look::default()).await else { return };
    stage.go("/seats").await;
    stage.browser.press(Key::Tab).await;
    assert_eq!(stage.browser.evaluate("return document.activeElement.className").await, "skip");
    stage.browser.press(Key::Enter).await;
    assert_eq!(stage.browser.evaluate("return document.activeElement.id").await, "page");
    stage.close().await;
}
