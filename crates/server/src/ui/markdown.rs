//! Markdown to HTML that is safe to show.
//!
//! What people wrote in the playbook (prose, reasons, minutes) becomes HTML here and nowhere else.
//! Invariants: raw HTML never survives; a link keeps its target only when its scheme is allow-listed;
//! every heading has an anchor that is unique on the page; wide tables scroll in their own region.
//! References in code spans (`seat/network`) become links when they resolve.
//!
//! Absent on purpose: images. The content policy loads nothing from elsewhere, so that a picture is
//! shown as a link with its text, which also works in print.

use pulldown_cmark::{BlockQuoteKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// One heading of a document, for its table of contents.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The anchor, without `#`.
    pub id: String,
    /// The text, without markup.
    pub text: String,
}

/// A rendered document.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct Document {
    /// Safe HTML.
    pub html: String,
    /// Its headings in order.
    pub headings: Vec<Heading>,
}

/// Turns a reference such as `seat/network` or a relative link into an address of this face.
pub(super) type Resolve<'r> = &'r dyn Fn(&str) -> Option<String>;

/// Renders a document; `shift` is added to the level of each heading, so that prose fits below a page's own.
pub(super) fn render(text: &str, shift: i8, resolve: Resolve<'_>) -> Document {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    let mut writer = Writer { shift, resolve, out: Vec::new(), headings: Vec::new(), open: None };
    for event in Parser::new_ext(text, options) {
        writer.event(event);
    }
    let mut html = String::with_capacity(text.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut html, writer.out.into_iter());
    Document { html, headings: writer.headings }
}

/// Renders a short text such as a reason: no headings of its own on the page.
pub(super) fn snippet(text: &str, resolve: Resolve<'_>) -> String {
    render(text, 3, resolve).html
}

/// Renders the text that a page is about: its highest headings stand right below the page's own. A heading of the first level at
/// its very beginning is the page's title, and stands there already.
pub(super) fn body(text: &str, resolve: Resolve<'_>) -> String {
    let text = match text.trim_start().split_once('\n') {
        Some((title, rest)) if title.starts_with("# ") => rest,
        Some(_) | None => text,
    };
    let highest = render(text, 0, resolve).headings.iter().map(|heading| heading.level).min();
    let shift = highest.and_then(|level| 2_i8.checked_sub_unsigned(level)).unwrap_or(0);
    render(text, shift, resolve).html
}

struct Writer<'t, 'r> {
    shift: i8,
    resolve: Resolve<'r>,
    out: Vec<Event<'t>>,
    headings: Vec<Heading>,
    /// The heading being read: where it began, its level, its text so far.
    open: Option<(usize, u8, String)>,
}

impl<'t> Writer<'t, '_> {
    fn event(&mut self, event: Event<'t>) {
        if let (Some((_, _, text)), Event::Text(part) | Event::Code(part)) =
            (&mut self.open, &event)
        {
            text.push_str(part);
        }
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {}
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Start(Tag::Heading { level, .. }) => {
                self.open = Some((self.out.len(), shifted(level, self.shift), String::new()));
            }
            Event::End(TagEnd::Heading(_)) => self.close_heading(),
            Event::Start(Tag::BlockQuote(Some(kind))) => self.html(alert_start(kind)),
            Event::End(TagEnd::BlockQuote(Some(_))) => self.html("</div>\n"),
            Event::Start(Tag::Table(alignments)) => {
                self.html(
                    "<div class=\"scroll\" role=\"region\" aria-label=\"Table\" tabindex=\"0\">",
                );
                self.out.push(Event::Start(Tag::Table(alignments)));
            }
            Event::End(TagEnd::Table) => {
                self.out.push(Event::End(TagEnd::Table));
                self.html("</div>\n");
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                self.open_link(&dest_url);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.html("</a>"),
            Event::Code(code) => self.code(code),
            other => self.out.push(other),
        }
    }

    fn html(&mut self, text: impl Into<CowStr<'t>>) {
        self.out.push(Event::InlineHtml(text.into()));
    }

    fn open_link(&mut self, target: &str) {
        let address = (self.resolve)(target).or_else(|| allowed(target).then(|| target.to_owned()));
        let tag = match address {
            Some(address) if address.contains("://") => {
                format!("<a href=\"{}\" rel=\"noopener noreferrer\">", escape(&address))
            }
            Some(address) => format!("<a href=\"{}\">", escape(&address)),
            None => "<a>".to_owned(),
        };
        self.html(tag);
    }

    fn code(&mut self, code: CowStr<'t>) {
        match (self.resolve)(&code).filter(|_| self.open.is_none()) {
            Some(address) => self.html(format!(
                "<a class=\"ref\" href=\"{}\"><code>{}</code></a>",
                escape(&address),
                escape(&code)
            )),
            None => self.out.push(Event::Code(code)),
        }
    }

    fn close_heading(&mut self) {
        let Some((start, level, text)) = self.open.take() else { return };
        let id = self.anchor(&text);
        self.out.insert(start, Event::InlineHtml(format!("<h{level} id=\"{id}\">").into()));
        self.html(format!(
            " <a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to this section: {}\">#</a></h{level}>\n",
            escape(&text)
        ));
        self.headings.push(Heading { level, id, text });
    }

    fn anchor(&self, text: &str) -> String {
        let base = slug(text);
        let taken = |id: &str| self.headings.iter().any(|heading| heading.id == id);
        if !taken(&base) {
            return base;
        }
        (2..).map(|n| format!("{base}-{n}")).find(|id| !taken(id)).unwrap_or(base)
    }
}

fn shifted(level: HeadingLevel, shift: i8) -> u8 {
    let level: u8 = match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    };
    level.saturating_add_signed(shift).clamp(1, 6)
}

fn alert_start(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "<div class=\"alert note\"><strong>Note</strong>",
        BlockQuoteKind::Tip => "<div class=\"alert tip\"><strong>Tip</strong>",
        BlockQuoteKind::Important => "<div class=\"alert important\"><strong>Important</strong>",
        BlockQuoteKind::Warning => "<div class=\"alert warning\"><strong>Warning</strong>",
        BlockQuoteKind::Caution => "<div class=\"alert caution\"><strong>Caution</strong>",
    }
}

/// Turns a heading into an anchor: lower case, words joined by hyphens.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_alphanumeric() {
            slug.extend(character.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "section".to_owned() } else { slug.to_owned() }
}

/// Says whether a link may keep its target: web, mail, this page, this site. Control characters are refused
/// because browsers drop them before they read the scheme.
fn allowed(target: &str) -> bool {
    if target.chars().any(char::is_control) {
        return false;
    }
    match target.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => {
            matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https" | "mailto")
        }
        _ => !target.starts_with("//"),
    }
}

/// Escapes text for HTML content and double-quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(_: &str) -> Option<String> {
        None
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(render(text, 1, &none).html.trim(), expected);
    }

    #[test]
    fn raw_html_is_dropped_and_its_text_kept_as_text() {
        check("a <b onclick=x>b</b> <!-- c -->", "<p>a b </p>");
        check("<script>alert(1)</script>", "");
        check("<img src=x onerror=alert(1)>\n\nafter", "<p>after</p>");
    }

    #[test]
    fn the_headings_of_a_body_follow_the_pages_own() {
        for (text, expected) in [
            ("# Title\n\n## One\n\n### Two", "23"),
            ("# Title\n\n### One", "2"),
            ("## One\n\n### Two", "23"),
            ("#### One\n\n##### Two", "23"),
        ] {
            let html = body(text, &none);
            let levels: String =
                html.split("<h").skip(1).filter_map(|rest| rest.chars().next()).collect();
            assert_eq!(levels, expected, "{html}");
        }
        assert_eq!(body("Nothing but words.", &none).trim(), "<p>Nothing but words.</p>");
    }

    #[test]
    fn only_web_mail_and_own_links_keep_their_target() {
        check(
            "[a](https://a.example)",
            "<p><a href=\"https://a.example\" rel=\"noopener noreferrer\">a</a></p>",
        );
        check("[a](mailto:a@a.example)", "<p><a href=\"mailto:a@a.example\">a</a></p>");
        check("[a](#b) [c](d.md)", "<p><a href=\"#b\">a</a> <a href=\"d.md\">c</a></p>");
        for bad in [
            "javascript:alert(1)",
            "JaVaScript:x",
            "data:text/html,x",
            "vbscript:x",
            "//evil.example",
        ] {
            check(&format!("[a]({bad})"), "<p><a>a</a></p>");
        }
        check("[a](<java\tscript:x>)", "<p><a>a</a></p>");
    }

    #[test]
    fn a_link_cannot_leave_its_attribute() {
        check(
            "[a](<https://a.example/\"onmouseover=\"x>)",
            "<p><a href=\"https://a.example/&quot;onmouseover=&quot;x\" rel=\"noopener noreferrer\">a</a></p>",
        );
    }

    #[test]
    fn a_picture_becomes_a_link_with_its_text() {
        check(
            "![the rack](https://a.example/r.png)",
            "<p><a href=\"https://a.example/r.png\" rel=\"noopener noreferrer\">the rack</a></p>",
        );
    }

    #[test]
    fn headings_are_shifted_and_anchored_once_each() {
        let document = render("# On call\n\n## On call\n\n###### `deep`", 1, &none);
        let ids: Vec<_> = document.headings.iter().map(|h| (h.level, h.id.as_str())).collect();
        assert_eq!(ids, [(2, "on-call"), (3, "on-call-2"), (6, "deep")]);
        assert!(
            document.html.contains("<h2 id=\"on-call\">On call <a class=\"anchor\""),
            "{}",
            document.html
        );
    }

    #[test]
    fn alerts_carry_their_kind_as_a_word() {
        let html = render("> [!WARNING]\n> nobody holds it", 0, &none).html;
        assert!(html.contains("<div class=\"alert warning\"><strong>Warning</strong>"), "{html}");
        assert!(!html.contains("<blockquote"), "{html}");
    }

    #[test]
    fn references_that_resolve_become_links() {
        let resolve = |text: &str| (text == "seat/network").then(|| "/seats/network".to_owned());
        let html = render("`seat/network` and `seat/none`", 0, &resolve).html;
        assert_eq!(
            html.trim(),
            "<p><a class=\"ref\" href=\"/seats/network\"><code>seat/network</code></a> and <code>seat/none</code></p>"
        );
    }
}
