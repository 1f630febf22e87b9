//! Light and dark: as the system says, until somebody chooses.

use super::browser::{Browser, Look};
use super::stage::Stage;

async fn ground(browser: &Browser) -> String {
    let colour = browser.evaluate("return getComputedStyle(document.body).backgroundColor").await;
    colour.as_str().unwrap().to_owned()
}

const LIGHT: &str = "rgb(246, 245, 241)";
const DARK: &str = "rgb(15, 19, 18)";

#[tokio::test(flavor = "multi_thread")]
async fn the_system_decides_until_somebody_chooses() {
    let Some(stage) = Stage::open(Look { dark: true, ..Look::default() }).await else { return };
    assert_eq!(ground(&stage.browser).await, DARK);
    stage.find(".switch button[value=light]").await.click().await.unwrap();
    stage.find(".switch button[value=light][aria-pressed=true]").await;
    assert_eq!(ground(&stage.browser).await, LIGHT);
    stage.go("/seats").await;
    stage.find("html[data-theme=light]").await;
    assert_eq!(ground(&stage.browser).await, LIGHT);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_theme_can_be_chosen_without_script() {
    let look = Look { without_script: true, ..Look::default() };
    let Some(stage) = Stage::open(look).await else { return };
    stage.go("/seats").await;
    stage.find(".switch button[value=dark]").await.click().await.unwrap();
    stage.find("html[data-theme=dark]").await;
    assert_eq!(stage.text("h1").await, "Seats");
    stage.close().await;
}
