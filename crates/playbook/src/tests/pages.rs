//! Every page's failing example fails with its own code, and only with it; the mended one passes.

use super::findings;

/// The fenced blocks of a page, by language, in order.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let fence: String = line.chars().take_while(|one| *one == '`').collect();
        if fence.len() >= 3 {
            let content: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
            found.push((line.trim_start_matches('`').to_owned(), content.join("\n") + "\n"));
        }
    }
    found
}

#[test]
fn every_page_shows_what_fails_and_what_passes() {
    for info in crate::codes() {
        let blocks = blocks(info.page);
        let [(language, failing), (_, mended)] = blocks.as_slice() else {
            panic!("{}: a page has two examples", info.code)
        };
        let file = match language.as_str() {
            "yaml" => "a.yaml",
            "markdown" => "decisions/a.md",
            _ => continue,
        };
        let codes: Vec<String> = findings([(file, failing.as_str())])
            .iter()
            .map(|one| one.split(' ').next().unwrap_or_default().to_owned())
            .collect();
        assert!(
            !codes.is_empty() && codes.iter().all(|code| code == info.code.0),
            "{}: {codes:?}\n{failing}",
            info.code
        );
        assert_eq!(
            findings([(file, mended.as_str())]),
            Vec::<String>::new(),
            "{}\n{mended}",
            info.code
        );
    }
}

#[test]
fn codes_are_sorted_and_distinct() {
    let codes: Vec<&str> = crate::codes().iter().map(|info| info.code.0).collect();
    let (records, own): (Vec<&str>, Vec<&str>) =
        codes.iter().partition(|code| code.starts_with("MDK"));
    assert!(own.is_sorted_by(|left, right| left < right), "{own:?}");
    assert!(records.is_sorted_by(|left, right| left < right), "{records:?}");
}
