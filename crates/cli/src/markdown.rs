//! Shows a manual page, which is Markdown, on a terminal: the words stay, the looks follow the marks.
//!
//! Only what our own pages use is treated: headings, fenced code, paragraphs, lists. Anything else
//! passes through as it was written, which is readable too.

use crate::page::{Page, Tone};

/// Writes a Markdown text.
pub(crate) fn write(page: &mut Page, text: &str) {
    let mut in_code = false;
    for line in text.trim().lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
            continue;
        }
        if in_code {
            let code = page.tone(Tone::Name, line);
            page.line(format!("    {code}"));
        } else if line.starts_with('#') {
            page.heading(line.trim_start_matches('#').trim());
        } else {
            page.line(line);
        }
    }
}
