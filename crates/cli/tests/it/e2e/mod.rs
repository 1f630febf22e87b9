//! The pages in a real browser: Chromium without a window, driven through chromedriver, against the real
//! binary serving the staffed example.
//!
//! Each test has its own browser profile, its own server on a free port and its own ledger, so that they run
//! side by side. Where Chromium or chromedriver is missing, a test says loudly that it was left out. Nothing
//! waits for time: a test waits for an element, with the browser's own patience.

mod accessibility;
mod browser;
mod canaries;
mod crawl;
mod keyboard;
mod live;
mod messages;
mod quiet;
mod reading;
mod screenshots;
mod sign_in;
mod site;
mod stage;
mod theme;
mod voting;
