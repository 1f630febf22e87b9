//! What every store of traces must do.

use jiff::SignedDuration;
use signals::{JaegerApi, SignalError, TraceQuestion, TraceStore, Traces, Window};

use crate::emulators;
use crate::scene::{SECRET, Scene, redact};
use crate::targets::{self, variable};

#[tokio::test]
async fn jaeger_answers_by_both_interfaces() {
    for api in [JaegerApi::V3, JaegerApi::Old] {
        let scene = Scene::new();
        let emulator = emulators::jaeger::start().await;
        demand(&scene, &targets::jaeger(&emulator, &emulator, api, &scene).await).await;
    }
}

#[tokio::test]
async fn the_real_jaeger_answers() {
    let Some(address) = variable("COUNCIL_TEST_JAEGER") else { return };
    let Some(otlp) = variable("COUNCIL_TEST_JAEGER_OTLP") else { return };
    let scene = Scene::new();
    demand(&scene, &targets::jaeger(&address, &otlp, JaegerApi::V3, &scene).await).await;
}

/// A Jaeger 1, or a 2 up to 2.20.
#[tokio::test]
async fn the_real_older_jaeger_answers() {
    let Some(address) = variable("COUNCIL_TEST_JAEGER_OLD") else { return };
    let Some(otlp) = variable("COUNCIL_TEST_JAEGER_OLD_OTLP") else { return };
    let scene = Scene::new();
    demand(&scene, &targets::jaeger(&address, &otlp, JaegerApi::Old, &scene).await).await;
}

#[tokio::test]
async fn tempo_answers() {
    let scene = Scene::new();
    let emulator = emulators::tempo::start().await;
    demand(&scene, &targets::tempo(&emulator, &emulator, &scene).await).await;
}

#[tokio::test]
async fn the_real_tempo_answers() {
    let Some(address) = variable("COUNCIL_TEST_TEMPO") else { return };
    let Some(otlp) = variable("COUNCIL_TEST_TEMPO_OTLP") else { return };
    let scene = Scene::new();
    demand(&scene, &targets::tempo(&address, &otlp, &scene).await).await;
}

/// All demands, one after the other.
async fn demand(scene: &Scene, store: &TraceStore) {
    wait_for_all(scene, store).await;
    summaries_are_right(scene, store).await;
    what_was_slow_or_failed_is_found(scene, store).await;
    one_trace_is_whole(scene, store).await;
    nothing_found_is_an_answer(scene, store).await;
    no_text_widens_a_query(scene, store).await;
    a_person_finds_the_same(scene, store).await;
}

/// Both traces of the service.
fn question(scene: &Scene) -> TraceQuestion {
    TraceQuestion {
        window: Window::new(scene.start, scene.at(10_000)).expect("a window"),
        service: scene.service.clone(),
        at_least: None,
        only_errors: false,
        limit: 10,
    }
}

async fn ask(store: &TraceStore, question: &TraceQuestion) -> Traces {
    let answer = store.search(question, &redact).await.expect("traces");
    assert!(answer.missing.is_empty(), "{:?}", answer.missing);
    answer
}

fn names(traces: &Traces) -> Vec<&str> {
    traces.found.iter().map(|trace| trace.root_name.as_str()).collect()
}

/// Real stores need a moment until what was pushed is found, and find one span of a trace before the other.
async fn wait_for_all(scene: &Scene, store: &TraceStore) {
    let waiting = async {
        let mut pause = tokio::time::interval(std::time::Duration::from_millis(100));
        loop {
            let found = store.search(&question(scene), &redact).await.expect("traces").found;
            if found.iter().filter_map(|trace| trace.spans).sum::<u64>() >= 3 {
                break;
            }
            pause.tick().await;
        }
    };
    let patience = std::time::Duration::from_secs(90);
    tokio::time::timeout(patience, waiting).await.expect("three spans within 90 seconds");
}

async fn summaries_are_right(scene: &Scene, store: &TraceStore) {
    let traces = ask(store, &question(scene)).await;
    assert_eq!(names(&traces), ["GET /checkout", "GET /cart"], "{}", traces.asked);
    assert!(!traces.truncated);
    let [slow, fast]: &[_; 2] = traces.found.as_slice().try_into().expect("two traces");
    assert_eq!((&slow.id, &fast.id), (&scene.trace(1), &scene.trace(2)));
    assert_eq!((&slow.root_service, slow.start), (&scene.service, scene.start));
    assert_eq!(slow.duration, SignedDuration::from_millis(800));
    assert_eq!((slow.spans, slow.errors), (Some(2), Some(0)));
    assert_eq!((fast.spans, fast.errors), (Some(1), Some(1)));
    let cut = ask(store, &TraceQuestion { limit: 1, ..question(scene) }).await;
    assert!(cut.truncated && cut.found.len() == 1);
}

async fn what_was_slow_or_failed_is_found(scene: &Scene, store: &TraceStore) {
    let at_least = |milliseconds| Some(SignedDuration::from_millis(milliseconds));
    let slow = TraceQuestion { at_least: at_least(800), ..question(scene) };
    let traces = ask(store, &slow).await;
    assert_eq!(names(&traces), ["GET /checkout"], "{}", traces.asked);
    let failed = TraceQuestion { only_errors: true, ..question(scene) };
    let traces = ask(store, &failed).await;
    assert_eq!(names(&traces), ["GET /cart"], "{}", traces.asked);
    let both = TraceQuestion { at_least: at_least(21), only_errors: true, ..question(scene) };
    assert!(ask(store, &both).await.found.is_empty());
}

async fn one_trace_is_whole(scene: &Scene, store: &TraceStore) {
    let window = Window::new(scene.at(-60_000), scene.at(60_000)).expect("a window");
    for window in [None, Some(&window)] {
        let read = store.trace(&scene.trace(1), window, &redact).await.expect("an answer");
        let trace = read.expect("a trace");
        assert_eq!((&trace.id, &trace.missing), (&scene.trace(1), &Vec::new()));
        let [root, query]: &[_; 2] = trace.spans.as_slice().try_into().expect("two spans");
        assert_eq!((root.id.as_str(), &root.parent), ("00f067aa0ba902b7", &None));
        assert_eq!(query.parent.as_deref(), Some("00f067aa0ba902b7"));
        assert_eq!((&root.service, root.name.as_str()), (&scene.service, "GET /checkout"));
        assert_eq!((query.start, query.name.as_str()), (scene.at(100), "SELECT"));
        assert_eq!(query.duration, SignedDuration::from_millis(300));
        assert_eq!(root.attributes.get("auth").map(String::as_str), Some("token=***"));
        assert!(!format!("{trace:?}").contains(SECRET) && !root.failed);
        let link = trace.link.as_ref().expect("a link").to_string();
        assert!(link.contains(&scene.trace(1)), "{link}");
    }
    let read = store.trace(&scene.trace(2), None, &redact).await.expect("an answer");
    let failed = read.expect("a trace").spans.remove(0);
    assert_eq!((failed.failed, failed.said.as_str()), (true, "no stock"));
}

async fn nothing_found_is_an_answer(scene: &Scene, store: &TraceStore) {
    let unknown = store.trace(&scene.trace(9), None, &redact).await;
    assert!(matches!(unknown, Ok(None)), "{unknown:?}");
    let wrong = store.trace("../services", None, &redact).await;
    assert!(matches!(wrong, Err(SignalError::Settings { .. })), "{wrong:?}");
    let window = Window::new(scene.at(-20_000), scene.at(-10_000)).expect("a window");
    assert!(ask(store, &TraceQuestion { window, ..question(scene) }).await.found.is_empty());
    // In the same second as a trace, and after it.
    let window = Window::new(scene.at(2_100), scene.at(2_200)).expect("a window");
    assert!(ask(store, &TraceQuestion { window, ..question(scene) }).await.found.is_empty());
    let nobody = TraceQuestion { service: String::new(), ..question(scene) };
    let refused = store.search(&nobody, &redact).await;
    assert!(matches!(refused, Err(SignalError::Settings { .. })), "{refused:?}");
}

async fn no_text_widens_a_query(scene: &Scene, store: &TraceStore) {
    let service = &scene.service;
    let quoted = format!("{service}\" || true || name = \"");
    for hostile in [quoted, format!("{service}\\"), format!("{service}&limit=9\n"), ".*".to_owned()]
    {
        let asked = TraceQuestion { service: hostile.clone(), ..question(scene) };
        let traces = ask(store, &asked).await;
        assert!(traces.found.is_empty(), "{hostile}: {}", traces.asked);
    }
}

async fn a_person_finds_the_same(scene: &Scene, store: &TraceStore) {
    let at_least = Some(SignedDuration::from_millis(5));
    let traces = ask(store, &TraceQuestion { at_least, ..question(scene) }).await;
    let link = traces.link.expect("a link").to_string();
    let (page, time) = match store {
        TraceStore::Jaeger(_) => ("/search?service=", scene.start.as_microsecond()),
        TraceStore::Tempo(_) => {
            ("https://grafana.example.org/g/explore?", scene.start.as_millisecond())
        }
    };
    assert!(link.contains(page) && link.contains(&time.to_string()), "{link}");
    assert!(link.contains(&scene.service) && traces.asked.contains(&scene.service), "{link}");
}
