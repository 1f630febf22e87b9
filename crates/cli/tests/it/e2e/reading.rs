//! Reading without script, and on a phone.

use super::browser::Look;
use super::stage::{PAGES, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn every_page_reads_without_script() {
    let look = Look { without_script: true, ..Look::default() };
    let Some(stage) = Stage::open(look).await else { return };
    for page in PAGES {
        stage.go(page).await;
        assert!(!stage.text("main h1").await.is_empty(), "{page}");
        let length = stage.text("main").await.len();
        assert!(length > 60, "{page} has {length} characters to read");
    }
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_wider_than_a_phone() {
    let look = Look { width: Some(390), ..Look::default() };
    let Some(stage) = Stage::open(look).await else { return };
    for page in PAGES {
        stage.go(page).await;
        let wide = stage.browser.evaluate("return document.documentElement.scrollWidth").await;
        assert!(wide.as_u64().unwrap() <= 390, "{page} is {wide} wide");
    }
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_opens_on_a_phone_without_script() {
    // As narrow as a window gets: touches cannot be emulated while scripts are off.
    let look = Look { width: Some(500), without_script: true, ..Look::default() };
    let Some(stage) = Stage::open(look).await else { return };
    let link = stage.find(".nav a[href='/seats']").await;
    assert!(!link.is_displayed().await.unwrap());
    stage.find(".menu-button").await.click().await.unwrap();
    assert!(link.is_displayed().await.unwrap());
    link.click().await.unwrap();
    assert_eq!(stage.text("main h1").await, "Seats");
    stage.close().await;
}
