//! A screen has so many lines: who gets how many.

/// A part of the screen: a head and rows, of which some may have to go.
#[derive(Debug, Default)]
pub(super) struct Section {
    pub(super) head: String,
    pub(super) rows: Vec<String>,
    /// How many there are in truth; the rows may be a beginning of them.
    pub(super) all: usize,
    /// How to see the rest.
    pub(super) more: String,
}

/// Shares lines out among sections, a line each in turn, so that a long one cannot starve a short one. A section that
/// does not fit keeps one line to say how much is missing; a head stands for itself.
pub(super) fn fit(sections: Vec<Section>, lines: usize) -> Vec<String> {
    let sections: Vec<Section> =
        sections.into_iter().filter(|section| !section.head.is_empty()).collect();
    let mut granted = vec![0_usize; sections.len()];
    // Every head, and an empty line in front of each section with rows.
    let framed = |section: &Section| if section.rows.is_empty() { 1 } else { 2 };
    let mut left = lines.saturating_sub(sections.iter().map(framed).sum());
    loop {
        let mut gave = false;
        for (section, granted) in sections.iter().zip(&mut granted) {
            let wants = section.rows.len() + usize::from(section.all > section.rows.len());
            if *granted < wants && left > 0 {
                *granted += 1;
                left -= 1;
                gave = true;
            }
        }
        if !gave {
            break;
        }
    }
    let mut text = Vec::new();
    for (section, granted) in sections.into_iter().zip(granted) {
        if !section.rows.is_empty() {
            text.push(String::new());
        }
        text.push(section.head);
        let shown =
            if granted >= section.all { section.rows.len() } else { granted.saturating_sub(1) };
        let shown = shown.min(section.rows.len());
        text.extend(section.rows.into_iter().take(shown));
        if shown < section.all && granted > shown {
            let missing = super::text::count(section.all - shown);
            text.push(format!("  … {missing} more{}", section.more));
        }
    }
    text.truncate(lines);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(head: &str, count: usize) -> Section {
        let rows = (0..count).map(|row| format!("  {head}{row}")).collect();
        Section { head: head.to_owned(), rows, all: count, more: String::new() }
    }

    #[test]
    fn what_fits_is_shown_whole_and_what_does_not_is_counted() {
        let whole = fit(vec![section("a", 2), section("b", 0), section("c", 1)], 20);
        assert_eq!(whole, ["", "a", "  a0", "  a1", "b", "", "c", "  c0"]);
        let tight = fit(vec![section("a", 100), section("c", 1)], 9);
        assert_eq!(tight, ["", "a", "  a0", "  a1", "  a2", "  … 97 more", "", "c", "  c0"]);
    }

    #[test]
    fn a_screen_is_never_longer_than_it_may_be() {
        for lines in 1..40 {
            let text = fit(vec![section("a", 50), section("b", 9), section("c", 7)], lines);
            assert!(text.len() <= lines, "{lines}: {text:?}");
        }
    }
}
