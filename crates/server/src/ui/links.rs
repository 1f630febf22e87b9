//! Addresses: which page shows which resource, in the application and in the static site.
//!
//! Templates never spell an address of a resource. They say `"seat/network" | ref` and get a link with
//! the title that people know; the same template then works below any directory of a static site.

use std::fmt::Write as _;
use std::sync::Arc;

use minijinja::value::Object;
use playbook::Model;

use super::{assets, markdown, past};

/// Where the links of one page lead.
#[derive(Clone, Debug)]
pub(super) struct Links {
    model: Arc<Model>,
    /// The way to the site's root such as `../`; `None` in the application, whose root is `/`.
    base: Option<String>,
    /// The moment that pages of the record are shown at, when it is not the present.
    moment: Option<String>,
}

impl Object for Links {}

impl Links {
    /// Links of the application.
    pub(super) fn app(model: Arc<Model>) -> Self {
        Self { model, base: None, moment: None }
    }

    /// Links of a page of the static site that lies `depth` directories below its root.
    pub(super) fn site(model: Arc<Model>, depth: usize) -> Self {
        Self { model, base: Some("../".repeat(depth)), moment: None }
    }

    /// The same links, staying at a moment of the past.
    pub(super) fn at(self, moment: &str) -> Self {
        Self { moment: Some(encoded(moment)), ..self }
    }

    /// Says whether the page stands in the static site.
    pub(super) fn is_site(&self) -> bool {
        self.base.is_some()
    }

    /// Turns a path of the application, such as `/seats#gaps`, into an address for this page.
    pub(super) fn href(&self, path: &str) -> String {
        let Some(base) = &self.base else { return self.at_moment(path) };
        let (path, fragment) = path.split_once('#').unwrap_or((path, ""));
        let hash = if fragment.is_empty() { "" } else { "#" };
        match path.trim_start_matches('/') {
            // The playbook is the site's first page; in the application that is today.
            "" | "playbook" => format!("{base}index.html{hash}{fragment}"),
            inner => format!("{base}{inner}.html{hash}{fragment}"),
        }
    }

    fn at_moment(&self, path: &str) -> String {
        let Some(moment) = self.moment.as_ref().filter(|_| past::is_of_record(path)) else {
            return path.to_owned();
        };
        let (path, fragment) =
            path.split_once('#').map_or((path, None), |(path, rest)| (path, Some(rest)));
        let sign = if path.contains('?') { '&' } else { '?' };
        let hash = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
        format!("{path}{sign}as_of={moment}{hash}")
    }

    /// The address of a static file.
    pub(super) fn asset(&self, name: &str) -> String {
        let file = assets::find(name).map_or(name, |asset| &asset.hashed);
        format!("{}assets/{file}", self.base.as_deref().unwrap_or("/"))
    }

    /// The way to the root.
    pub(super) fn base(&self) -> &str {
        self.base.as_deref().unwrap_or("/")
    }

    /// The address of the page that shows a resource; `None` when the playbook holds no such resource.
    pub(super) fn to(&self, reference: &str) -> Option<String> {
        // An action lives in the record alone: the application's list shows it.
        if let (false, Some(("action", name))) = (self.is_site(), reference.split_once('/')) {
            return Some(self.href(&format!("/actions#{}", encoded(name))));
        }
        if let (false, Some(("change", name))) = (self.is_site(), reference.split_once('/')) {
            return Some(self.href(&format!("/changes/{}", encoded(name))));
        }
        if let (false, Some((kind @ ("incident" | "postmortem"), name))) =
            (self.is_site(), reference.split_once('/'))
        {
            let part = if kind == "postmortem" { "/postmortem" } else { "" };
            return Some(self.href(&format!("/incidents/{}{part}", encoded(name))));
        }
        if let (false, Some(("runbook", name))) = (self.is_site(), reference.split_once('/')) {
            self.model.resource(reference)?;
            return Some(self.href(&format!("/runbooks/{}", encoded(name))));
        }
        let resource = self.model.resource(reference)?;
        Some(self.href(&path_of(resource.id.slug, &resource.id.name)))
    }

    /// The title of a resource, or its reference when it is unknown.
    pub(super) fn title<'t>(&'t self, reference: &'t str) -> &'t str {
        self.model.resource(reference).map_or(reference, playbook::Resource::title)
    }

    /// A link with the resource's title, or the bare reference where there is nothing to link to.
    pub(super) fn anchor(&self, reference: &str, text: Option<&str>) -> String {
        let label = markdown::escape(text.unwrap_or_else(|| self.title(reference)));
        match self.to(reference) {
            Some(address) => {
                format!("<a class=\"ref\" href=\"{}\">{label}</a>", markdown::escape(&address))
            }
            None => label,
        }
    }

    /// What Markdown asks for each link and code span.
    pub(super) fn resolve(&self, text: &str) -> Option<String> {
        if let Some(address) = self.to(text) {
            return Some(address);
        }
        // Documents link to each other by file name, as they do on a forge.
        let stem = text.strip_suffix(".md")?.rsplit('/').next()?;
        self.to(&format!("decision/{stem}")).or_else(|| self.to(&format!("section/{stem}")))
    }
}

/// The path of the page that shows a resource.
pub(super) fn path_of(slug: &str, name: &str) -> String {
    let name = encoded(name);
    match slug {
        "seat" => format!("/seats/{name}"),
        "person" => format!("/people/{name}"),
        "decision" => format!("/decisions/{name}"),
        "ritual" => format!("/rituals/{name}"),
        "question" => format!("/questions/{name}"),
        other => format!("/playbook/{other}/{name}"),
    }
}

/// Percent-encodes all but the characters that a path or a query value may hold as they are.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => write!(encoded, "%{other:02X}").expect("BUG: writing to a string cannot fail"),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_turns_paths_into_relative_files() {
        let site = Links::site(Arc::default(), 1);
        assert_eq!(site.href("/"), "../index.html");
        assert_eq!(site.href("/seats/network"), "../seats/network.html");
        assert_eq!(site.href("/playbook#raci"), "../index.html#raci");
        assert_eq!(Links::app(Arc::default()).href("/playbook#raci"), "/playbook#raci");
    }

    #[test]
    fn links_of_a_past_page_stay_in_the_past() {
        let links = Links::app(Arc::default()).at("2026-11-22T10:00:00+01:00");
        assert_eq!(
            links.href("/decisions#open"),
            "/decisions?as_of=2026-11-22T10%3A00%3A00%2B01%3A00#open"
        );
        assert_eq!(
            links.href("/decisions?stage=draft"),
            "/decisions?stage=draft&as_of=2026-11-22T10%3A00%3A00%2B01%3A00"
        );
        assert_eq!(links.href("/seats"), "/seats", "a page of the playbook alone has no past");
    }

    #[test]
    fn a_name_cannot_leave_its_place_in_an_address() {
        assert_eq!(path_of("team", "a/../b?c#d"), "/playbook/team/a%2F..%2Fb%3Fc%23d");
    }

    #[test]
    fn an_unknown_reference_is_text_and_escaped() {
        let links = Links::app(Arc::default());
        assert_eq!(links.anchor("seat/<b>", None), "seat/&lt;b&gt;");
    }
}
