//! The pages of the seats' kinds and rules: what they show is what happens.

use std::path::Path;
use std::sync::Arc;

use playbook::{Facts, KindInfo, Workspace};
use schemars::generate::SchemaSettings;

/// The rooms whose pages are read here; the council's own rooms read theirs themselves, with more of
/// a playbook around each example.
const SEATS: [&str; 8] = ["NET", "FLT", "TEN", "GIT", "REL", "FIN", "DSK", "TAL"];

/// What an example may do although it is sound: name things that stand elsewhere.
const DANGLING: &str = "PLB040";

/// A playbook of one file: YAML, or Markdown that says in its first line where it stands.
fn workspace(text: &str) -> Workspace {
    let named = text.strip_prefix("<!-- ").and_then(|rest| rest.split_once(" -->\n"));
    let file = named.unwrap_or(("example.yaml", text));
    Workspace::of_texts([file], Arc::new(cli::vocabulary()))
}

/// The codes of everything that is found in a text.
fn codes(text: &str) -> Vec<&'static str> {
    let facts = Facts { today: jiff::civil::date(2026, 11, 23) };
    workspace(text).check(&facts).iter().map(|finding| finding.code.0).collect()
}

/// The blocks of a page that are files of a playbook. A Markdown file's own fences are longer than the page's.
fn examples(page: &str) -> Vec<&str> {
    let after = |fence: &str| page.match_indices(fence).map(|(at, _)| at + fence.len()).collect();
    let starts: [Vec<usize>; 2] = [after("\n```yaml\n"), after("\n```markdown\n")];
    let mut starts = starts.concat();
    starts.sort_unstable();
    let text = |start: usize| page.get(start..)?.split("\n```").next();
    starts.into_iter().filter_map(text).collect()
}

/// The page of a kind: the doc comment of its type.
fn page(kind: &KindInfo) -> String {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    (kind.schema)(&mut generator);
    let definitions = generator.definitions().values();
    let pages = definitions.filter_map(|schema| schema.get("description")?.as_str());
    let own = format!("kind: {}\n", kind.name);
    pages.into_iter().find(|page| page.contains(&own)).unwrap_or_default().to_owned()
}

#[test]
fn the_example_of_every_kind_can_be_read() {
    for kind in cli::vocabulary().kinds().iter().filter(|kind| !kind.is_document()) {
        let page = page(kind);
        let [example, ..] = *examples(&page) else { panic!("{kind:?} shows no example") };
        let unreadable: Vec<&str> = codes(example)
            .into_iter()
            .filter(|code| code.starts_with("PLB") && *code != DANGLING)
            .collect();
        assert!(unreadable.is_empty(), "{kind:?}: {unreadable:?}");
        assert_eq!(workspace(example).model().of_slug(kind.slug).count(), 1, "{kind:?}");
    }
}

#[test]
fn every_rule_of_a_seat_shows_what_fails_and_what_is_mended() {
    let vocabulary = cli::vocabulary();
    let rules = vocabulary.all_rules().iter().map(|rule| rule.info);
    let mut seen = 0;
    for info in rules.filter(|info| SEATS.iter().any(|seat| info.code.0.starts_with(seat))) {
        let [failing, mended] = *examples(info.page) else { panic!("{}: two examples", info.code) };
        let (failing, mended) = (codes(failing), codes(mended));
        assert!(failing.contains(&info.code.0), "{}: the failing example does not", info.code);
        assert!(!mended.contains(&info.code.0), "{}: the mended example fails", info.code);
        let readable =
            |codes: &[&str]| codes.iter().all(|code| !code.starts_with("PLB") || *code == DANGLING);
        assert!(readable(&failing) && readable(&mended), "{}: {failing:?} {mended:?}", info.code);
        seen += 1;
    }
    assert!(seen > 30, "only {seen} rules were looked at");
}

#[test]
fn every_part_of_the_document_has_something_to_show_for_the_staffed_company() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/eustartup-staffed");
    let workspace = Workspace::open(&root, Arc::new(cli::vocabulary()));
    for part in cli::document_parts() {
        let blocks = (part.render)(workspace.model(), &part);
        assert!(!blocks.is_empty(), "{} is empty", part.title);
        for field in part.fields.iter().filter(|field| !field.ends_with('?')) {
            let heading = field.split_once('=').map_or(*field, |(_, heading)| heading);
            let heading = heading.replace('_', " ").to_lowercase();
            let shown = format!("{blocks:?}").to_lowercase();
            assert!(shown.contains(&format!("\"{heading}\"")), "{}: no {heading}", part.title);
            let only_gaps = shown.matches(&format!("gap(\"no {heading}\")")).count();
            let rows = shown.matches("strong(").count();
            assert!(only_gaps < rows, "{}: nobody says {heading}", part.title);
        }
    }
}
