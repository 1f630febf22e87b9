//! The static site: every link leads to a file, pages are small, and search works from a disk.

use std::path::{Path, PathBuf};
use std::process::Command;

use thirtyfour::prelude::*;

use super::browser::{Browser, Look};

/// A page of HTML stays below this.
const MOST_BYTES: u64 = 60 * 1024;

fn write(directory: &Path) {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/eustartup-staffed");
    let output = Command::new(env!("CARGO_BIN_EXE_council"))
        .args(["--playbook", example, "doc", "--site"])
        .arg(directory)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn files(directory: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}

#[test]
fn every_link_of_the_site_leads_to_a_small_file() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path());
    let mut all = Vec::new();
    files(directory.path(), &mut all);
    let pages: Vec<_> =
        all.iter().filter(|file| file.extension().is_some_and(|it| it == "html")).collect();
    assert!(pages.len() > 100, "only {} pages", pages.len());
    let mut wrong = Vec::new();
    for page in pages {
        let html = std::fs::read_to_string(page).unwrap();
        if page.metadata().unwrap().len() >= MOST_BYTES {
            wrong.push(format!("{}: {} bytes", page.display(), html.len()));
        }
        let own = html.split("href=\"").chain(html.split("src=\"")).skip(1);
        for address in own.filter_map(|rest| rest.split('"').next()) {
            let target = address.split('#').next().unwrap_or_default();
            let elsewhere = target.contains(':') || target.contains(['<', '\n']);
            let found = target.is_empty() || page.parent().unwrap().join(target).is_file();
            if !elsewhere && !found {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
        if html.contains("<form") {
            wrong.push(format!("{}: a form, and nobody to send it to", page.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn search_works_from_a_disk() {
    let browser = match Browser::start(Look::default()).await {
        Ok(browser) => browser,
        Err(missing) => {
            println!("left out: browser tests, because {missing}");
            return;
        }
    };
    let directory = tempfile::tempdir().unwrap();
    write(directory.path());
    let index = directory.path().join("seats.html");
    browser.driver.goto(format!("file://{}", index.display())).await.unwrap();
    let field =
        browser.driver.query(By::Css("#site-search")).and_displayed().first().await.unwrap();
    field.send_keys("frankfurt").await.unwrap();
    let found = browser.driver.query(By::Css("#site-found a")).first().await.unwrap();
    found.click().await.unwrap();
    let heading = browser.driver.query(By::Css("h1")).with_text("Frankfurt").first().await.unwrap();
    assert!(heading.is_displayed().await.unwrap());
    browser.close().await;
}
