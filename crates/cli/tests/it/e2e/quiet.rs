//! No page says an error on the console, and no request leaves the origin.

use super::browser::Look;
use super::stage::{PAGES, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn consoles_are_quiet_and_requests_stay_here() {
    let Some(stage) = Stage::open(Look::default()).await else { return };
    for page in PAGES {
        stage.go(page).await;
        for said in stage.browser.console().await {
            assert!(
                !matches!(said.level.as_str(), "SEVERE" | "WARNING"),
                "{page}: {}",
                said.message
            );
        }
    }
    let requests = stage.browser.requests().await;
    assert!(requests.len() > PAGES.len(), "the log is empty");
    // The browser's own first page is not ours.
    for address in requests.iter().filter(|address| !address.starts_with("chrome:")) {
        let own = address.starts_with(&stage.council.origin) || address.starts_with("data:");
        assert!(own, "a request left for {address}");
    }
    stage.close().await;
}
