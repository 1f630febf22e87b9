//! What every store of lines must do.

use signals::{Excerpt, LogQuestion, LogStore, Severity, SignalError, Store, Window};

use crate::emulators;
use crate::scene::{SECRET, Scene, redact};
use crate::targets::{self, variable};

#[tokio::test]
async fn loki_answers() {
    let scene = Scene::new();
    let emulator = emulators::loki::start(None).await;
    demand(&scene, &targets::loki(&emulator, &scene).await).await;
}

#[tokio::test]
async fn the_real_loki_answers() {
    let Some(address) = variable("COUNCIL_TEST_LOKI") else { return };
    let scene = Scene::new();
    demand(&scene, &targets::loki(&address, &scene).await).await;
}

#[tokio::test]
async fn elasticsearch_and_opensearch_answer() {
    for store in [Store::Elasticsearch, Store::OpenSearch] {
        let scene = Scene::new();
        let emulator = emulators::elastic::start().await;
        demand(&scene, &targets::elastic(store, &emulator, &scene).await).await;
    }
}

#[tokio::test]
async fn the_real_elasticsearch_answers() {
    let Some(address) = variable("COUNCIL_TEST_ELASTICSEARCH") else { return };
    let scene = Scene::new();
    demand(&scene, &targets::elastic(Store::Elasticsearch, &address, &scene).await).await;
}

#[tokio::test]
async fn the_real_opensearch_answers() {
    let Some(address) = variable("COUNCIL_TEST_OPENSEARCH") else { return };
    let scene = Scene::new();
    demand(&scene, &targets::elastic(Store::OpenSearch, &address, &scene).await).await;
}

#[tokio::test]
async fn graylog_answers() {
    let scene = Scene::new();
    let emulator = emulators::graylog::start().await;
    let address = emulator.replace("http://", "http://canary:token@");
    demand(&scene, &targets::graylog(&address, &emulator, &scene).await).await;
}

#[tokio::test]
async fn the_real_graylog_answers() {
    let Some(address) = variable("COUNCIL_TEST_GRAYLOG") else { return };
    let Some(gelf) = variable("COUNCIL_TEST_GRAYLOG_GELF") else { return };
    let scene = Scene::new();
    demand(&scene, &targets::graylog(&address, &gelf, &scene).await).await;
}

/// All demands, one after the other.
async fn demand(scene: &Scene, store: &LogStore) {
    wait_for_all(scene, store).await;
    the_window_is_kept(scene, store).await;
    text_is_found_and_severity_is_a_minimum(scene, store).await;
    too_many_are_cut_at_the_end(scene, store).await;
    nothing_found_is_an_answer(scene, store).await;
    no_text_widens_a_query(scene, store).await;
    a_person_finds_the_same(scene, store).await;
}

/// The whole scene, which ends before its last line.
fn question(scene: &Scene) -> LogQuestion {
    let window = Window::new(scene.start, scene.at(3_000)).expect("a window");
    LogQuestion { window, service: scene.service.clone(), text: None, severity: None, limit: 10 }
}

async fn ask(store: &LogStore, question: &LogQuestion) -> Excerpt {
    let answer = store.excerpt(question, &redact).await.expect("an excerpt");
    assert!(answer.missing.is_empty(), "{:?}", answer.missing);
    answer
}

fn texts(excerpt: &Excerpt) -> Vec<&str> {
    excerpt.lines.iter().map(|line| line.text.as_str()).collect()
}

/// Real stores need a moment until what was written is found.
async fn wait_for_all(scene: &Scene, store: &LogStore) {
    let window = Window::new(scene.start, scene.at(4_000)).expect("a window");
    let all = LogQuestion { window, ..question(scene) };
    let waiting = async {
        let mut pause = tokio::time::interval(std::time::Duration::from_millis(100));
        while ask(store, &all).await.lines.len() < 4 {
            pause.tick().await;
        }
    };
    let patience = std::time::Duration::from_secs(60);
    tokio::time::timeout(patience, waiting).await.expect("four lines within a minute");
}

async fn the_window_is_kept(scene: &Scene, store: &LogStore) {
    let excerpt = ask(store, &question(scene)).await;
    let expected =
        [r#"started from "C:\dir" at 100%"#, "slow ␛[31mred␛[0m disk", "payment failed: token=***"];
    assert_eq!(texts(&excerpt), expected, "{}", excerpt.asked);
    assert!(!excerpt.truncated);
    let times: Vec<_> = excerpt.lines.iter().map(|line| line.at).collect();
    assert_eq!(times, [0, 1_000, 2_000].map(|at| scene.at(at)));
    let severities: Vec<_> = excerpt.lines.iter().filter_map(|line| line.severity).collect();
    assert_eq!(severities, [Severity::Info, Severity::Warn, Severity::Error]);
    assert!(excerpt.lines.iter().all(|line| !line.labels.is_empty()), "{:?}", excerpt.lines);
    // What a line does not have is not there, whatever the store writes for it.
    assert!(excerpt.lines.iter().all(|line| line.labels.values().all(|value| value != "-")));
    assert!(!format!("{excerpt:?}").contains(SECRET));
    let counts = matches!(store.store(), Store::Elasticsearch | Store::OpenSearch);
    assert_eq!(excerpt.total, counts.then_some(3));
}

async fn text_is_found_and_severity_is_a_minimum(scene: &Scene, store: &LogStore) {
    let text = Some(r#""C:\dir" at"#.to_owned());
    let excerpt = ask(store, &LogQuestion { text, ..question(scene) }).await;
    assert_eq!(texts(&excerpt), [r#"started from "C:\dir" at 100%"#], "{}", excerpt.asked);
    let severity = Some(Severity::Warn);
    let excerpt = ask(store, &LogQuestion { severity, ..question(scene) }).await;
    assert_eq!(excerpt.lines.len(), 2, "{}", excerpt.asked);
    let text = Some("payment failed".to_owned());
    let severity = Some(Severity::Error);
    let excerpt = ask(store, &LogQuestion { text, severity, ..question(scene) }).await;
    assert_eq!(texts(&excerpt), ["payment failed: token=***"], "{}", excerpt.asked);
    let everything = LogQuestion { severity: Some(Severity::Trace), ..question(scene) };
    assert_eq!(ask(store, &everything).await.lines.len(), 3);
}

async fn too_many_are_cut_at_the_end(scene: &Scene, store: &LogStore) {
    for (limit, expected) in [(1, [0].as_slice()), (2, &[0, 1_000])] {
        let excerpt = ask(store, &LogQuestion { limit, ..question(scene) }).await;
        assert!(excerpt.truncated);
        let times: Vec<_> = excerpt.lines.iter().map(|line| line.at).collect();
        assert_eq!(times, expected.iter().map(|at| scene.at(*at)).collect::<Vec<_>>());
    }
    assert!(!ask(store, &LogQuestion { limit: 3, ..question(scene) }).await.truncated);
    // More than any store gives in one answer.
    assert_eq!(
        ask(store, &LogQuestion { limit: u32::MAX, ..question(scene) }).await.lines.len(),
        3
    );
}

async fn nothing_found_is_an_answer(scene: &Scene, store: &LogStore) {
    let window = Window::new(scene.at(-5_000), scene.start).expect("a window");
    assert!(ask(store, &LogQuestion { window, ..question(scene) }).await.lines.is_empty());
    let asked = LogQuestion { service: " ".to_owned(), ..question(scene) };
    let refused = store.excerpt(&asked, &redact).await;
    assert!(matches!(refused, Err(SignalError::Settings { .. })), "{refused:?}");
}

async fn no_text_widens_a_query(scene: &Scene, store: &LogStore) {
    let service = &scene.service;
    for hostile in [
        format!("{service}\"}} or {{a=~\".*"),
        format!("{service}\\"),
        format!("{service}\" OR message:\"payment"),
        format!("{service}\n*\u{1}"),
        "*".to_owned(),
        ".*".to_owned(),
    ] {
        let as_service = LogQuestion { service: hostile.clone(), ..question(scene) };
        let excerpt = ask(store, &as_service).await;
        assert!(excerpt.lines.is_empty(), "{hostile}: {}", excerpt.asked);
        let as_text = LogQuestion { text: Some(format!("xyzzy {hostile}")), ..question(scene) };
        let excerpt = ask(store, &as_text).await;
        assert!(excerpt.lines.is_empty(), "{hostile}: {}", excerpt.asked);
    }
}

async fn a_person_finds_the_same(scene: &Scene, store: &LogStore) {
    let asked = LogQuestion { text: Some("it's & 100%".to_owned()), ..question(scene) };
    let excerpt = ask(store, &asked).await;
    let link = excerpt.link.expect("a link").to_string();
    let milliseconds = scene.start.as_millisecond().to_string();
    let moment = scene.start.to_string();
    let (page, time) = match store {
        LogStore::Loki(_) => ("https://grafana.example.org/g/explore?", milliseconds),
        LogStore::Elastic(_) if store.store() == Store::OpenSearch => {
            ("/s/ops/app/data-explorer/discover#?_g=", moment)
        }
        LogStore::Elastic(_) => ("https://kibana.example.org/s/ops/app/discover#/?_g=", moment),
        LogStore::Graylog(_) => {
            ("/search?rangetype=absolute&", moment.replace(':', "%3A").replace('Z', ".000Z"))
        }
    };
    assert!(link.contains(page) && link.contains(&time), "{link}");
    assert!(link.contains(&scene.service) && excerpt.asked.contains(&scene.service), "{link}");
    let is_elastic = matches!(store, LogStore::Elastic(_));
    let path = "POST /council-checkout-*/_search {";
    assert!(!is_elastic || excerpt.asked.starts_with(path), "{}", excerpt.asked);
    assert!(!link.contains("canary") && !link.contains("it's & "), "{link}");
}
