//! Every page that a link leads to, in both examples: it is there, it is small, and it carries nothing that
//! the content policy would have to excuse.

use std::collections::{BTreeSet, VecDeque};

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};

use super::stage::Council;

/// A page of HTML stays below this.
const MOST_BYTES: usize = 60 * 1024;

/// More pages than this are not a crawl but a trap.
const MOST_PAGES: usize = 2_000;

struct Visitor {
    client: reqwest::Client,
    origin: String,
    cookie: String,
}

impl Visitor {
    /// Signs in by the link, as a browser without script does.
    async fn sign_in(council: &Council) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let answer = client.post(&council.sign_in).form(&[("person", "")]).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { client, origin: council.origin.clone(), cookie }
    }

    async fn get(&self, path: &str) -> (StatusCode, String, String) {
        let request = self.client.get(format!("{}{path}", self.origin));
        let answer = request
            .header(COOKIE, &self.cookie)
            .header("accept", "text/html,*/*")
            .send()
            .await
            .unwrap();
        let kind = answer.headers().get(CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap());
        let kind = kind.to_owned();
        (answer.status(), kind, answer.text().await.unwrap())
    }
}

/// The paths of this server that a page links to.
fn links(html: &str) -> impl Iterator<Item = String> {
    html.split("href=\"").skip(1).filter_map(|rest| {
        let address = rest.split('"').next()?.replace("&amp;", "&");
        let path = address.split('#').next()?;
        (path.starts_with('/') && !path.starts_with("/api/")).then(|| path.to_owned())
    })
}

async fn check(example: &str) {
    let council = Council::start(example, None);
    let visitor = Visitor::sign_in(&council).await;
    let mut waiting = VecDeque::from(["/".to_owned(), "/palette.json".to_owned()]);
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut wrong = Vec::new();
    while let Some(path) = waiting.pop_front() {
        let (status, kind, body) = visitor.get(&path).await;
        // Whoever runs the server and is nobody in the playbook has no calendar of their own.
        if path == "/calendars" && status == StatusCode::FORBIDDEN {
            continue;
        }
        if status != StatusCode::OK {
            wrong.push(format!("{path}: {status}"));
            continue;
        }
        if !kind.starts_with("text/html") {
            continue;
        }
        if body.len() >= MOST_BYTES {
            wrong.push(format!("{path}: {} bytes", body.len()));
        }
        for inline in [" style=\"", "<style", "<script>", " onclick="] {
            if body.contains(inline) {
                wrong.push(format!("{path}: contains `{inline}`"));
            }
        }
        for link in links(&body) {
            // One page of the ledger stands for all, and a moment for all moments.
            let endless = link.starts_with("/ledger?") && seen.len() > 400;
            if !endless && seen.insert(link.clone()) {
                waiting.push_back(link);
            }
        }
        assert!(seen.len() < MOST_PAGES, "{example} never ends: {waiting:?}");
    }
    assert!(seen.len() > 100, "only {} pages of {example} were found", seen.len());
    assert!(wrong.is_empty(), "{example}:\n{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_of_the_founding_example_leads_to_a_small_page() {
    check("eustartup").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_of_the_staffed_example_leads_to_a_small_page() {
    check("eustartup-staffed").await;
}
