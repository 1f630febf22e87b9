//! The icons: outlines on a grid of 16, drawn for this project, coloured by the text around them.
//!
//! They repeat what a word beside them says and are hidden from screen readers.

/// The drawing of an icon, or an empty one for an unknown name (a test names them all).
pub(super) fn paths(name: &str) -> &'static str {
    ICONS.iter().find(|(known, _)| *known == name).map_or("", |(_, paths)| paths)
}

/// All icons by name.
pub(super) static ICONS: &[(&str, &str)] = &[
    (
        "today",
        r#"<circle cx="8" cy="8" r="2.7"/><path d="M8 1.4v1.7M8 12.9v1.7M1.4 8h1.7M12.9 8h1.7M3.3 3.3l1.2 1.2M11.5 11.5l1.2 1.2M3.3 12.7l1.2-1.2M11.5 4.5l1.2-1.2"/>"#,
    ),
    (
        "seats",
        r#"<circle cx="8" cy="8" r="2.6"/><path d="M8 1.6v.01M12.5 3.5v.01M14.4 8v.01M12.5 12.5v.01M8 14.4v.01M3.5 12.5v.01M1.6 8v.01M3.5 3.5v.01" stroke-width="2.4"/>"#,
    ),
    (
        "people",
        r#"<circle cx="6" cy="5" r="2.6"/><path d="M1.4 13.6c.3-2.7 2.1-4.2 4.6-4.2s4.3 1.5 4.6 4.2M10.8 2.7a2.6 2.6 0 0 1 0 4.6M12.3 9.9c1.4.6 2.2 1.9 2.4 3.7"/>"#,
    ),
    (
        "raci",
        r#"<rect x="1.8" y="1.8" width="12.4" height="12.4" rx="1.6"/><path d="M1.8 6h12.4M1.8 10.1h12.4M6 1.8v12.4M10.1 1.8v12.4"/>"#,
    ),
    (
        "decisions",
        r#"<path d="M2.2 13.8h7M3.6 8.2l3.6 3.6M5.5 6.3l3.6 3.6M8.4 1.9l5.1 5.1-2.2 2.2-5.1-5.1zM9.4 8.4l4.8 4.9"/>"#,
    ),
    (
        "rituals",
        r#"<rect x="2" y="3" width="12" height="11" rx="1.6"/><path d="M2 6.4h12M5.2 1.5v2.7M10.8 1.5v2.7M5.2 9.4h.01M8 9.4h.01M10.8 9.4h.01M5.2 11.6h.01M8 11.6h.01" />"#,
    ),
    (
        "questions",
        r#"<circle cx="8" cy="8" r="6.2"/><path d="M6 6.3c.1-1.2.9-1.9 2-1.9s2 .7 2 1.7c0 1.5-2 1.6-2 3.1M8 11.5v.01"/>"#,
    ),
    ("feedback", r#"<path d="M2 3.2h12v8.2H7.4l-3.2 2.8v-2.8H2zM5 6.2h6M5 8.6h3.6"/>"#),
    (
        "changes",
        r#"<path d="M2 5.2h9.4M8.6 2.4l2.8 2.8-2.8 2.8M14 10.8H4.6M7.4 8L4.6 10.8l2.8 2.8"/>"#,
    ),
    (
        "freezes",
        r#"<path d="M8 1.6v12.8M2.5 4.8l11 6.4M13.5 4.8l-11 6.4M6.2 2.6L8 4.2l1.8-1.6M6.2 13.4L8 11.8l1.8 1.6"/>"#,
    ),
    (
        "drift",
        r#"<path d="M1.8 5.4c2-1.8 4.2-1.8 6.2 0s4.2 1.8 6.2 0M1.8 10.6c2-1.8 4.2-1.8 6.2 0s4.2 1.8 6.2 0"/>"#,
    ),
    (
        "inventory",
        r#"<rect x="2" y="2.6" width="12" height="4.6" rx="1.2"/><rect x="2" y="8.8" width="12" height="4.6" rx="1.2"/><path d="M4.6 4.9h.01M4.6 11.1h.01"/>"#,
    ),
    ("objectives", r#"<path d="M1.8 12.2 5.6 8l2.7 2.4 5.9-6.6M1.8 14.2h12.4"/>"#),
    (
        "alerts",
        r#"<path d="M3 11.8h10l-1.4-2V6.6a3.6 3.6 0 0 0-7.2 0v3.2zM6.6 13.9a1.5 1.5 0 0 0 2.8 0"/>"#,
    ),
    (
        "on-call",
        // A handset, lying as one holds it.
        r#"<path d="M3.2 2.5h2.3l1.1 2.9-1.4 1a8 8 0 0 0 4.4 4.4l1-1.4 2.9 1.1v2.3a1 1 0 0 1-1.1 1A10.4 10.4 0 0 1 2.2 3.6a1 1 0 0 1 1-1.1Z"/>"#,
    ),
    (
        "silences",
        r#"<path d="M3 11.8h8.6M4.4 9.8V6.6c0-.7.2-1.3.5-1.8M6.8 3.2a3.6 3.6 0 0 1 4.8 3.4v2.8M6.6 13.9a1.5 1.5 0 0 0 2.8 0M2 2l12 12"/>"#,
    ),
    (
        "fleet",
        r#"<rect x="3" y="1.6" width="10" height="12.8" rx="1.2"/><path d="M3 5.8h10M3 10.1h10M5.4 3.7h.01M5.4 8h.01M5.4 12.2h.01"/>"#,
    ),
    (
        "incidents",
        r#"<path d="M4 11.4V8a4 4 0 0 1 8 0v3.4M2.4 13.8h11.2v-2.4H2.4zM8 1.3v1.3M2.5 3.5l1 .9M13.5 3.5l-1 .9"/>"#,
    ),
    (
        "runbooks",
        r#"<rect x="2.6" y="1.8" width="10.8" height="12.4" rx="1.6"/><path d="M5.2 5.4l1 1 1.8-2M5.2 10l1 1 1.8-2M9.8 5.6h1.4M9.8 10.2h1.4"/>"#,
    ),
    (
        "playbook",
        r#"<path d="M2.4 2.2h3.9c1 0 1.7.7 1.7 1.7v9.9c0-.9-.8-1.5-1.7-1.5H2.4zM13.6 2.2H9.7C8.7 2.2 8 2.9 8 3.9v9.9c0-.9.8-1.5 1.7-1.5h3.9z"/>"#,
    ),
    ("trends", r#"<path d="M2 13.8h12M3.6 11.4V8.6M6.6 11.4V5.2M9.6 11.4V7M12.6 11.4V2.6"/>"#),
    ("who", r#"<circle cx="7" cy="7" r="4.9"/><path d="M10.6 10.6l3.7 3.7"/>"#),
    (
        "ledger",
        r#"<rect x="1.6" y="5.4" width="7.4" height="5.2" rx="2.6"/><rect x="7" y="5.4" width="7.4" height="5.2" rx="2.6"/>"#,
    ),
    ("findings", r#"<path d="M8 1.9l6.5 11.6h-13zM8 6.3v3.2M8 11.5v.01"/>"#),
    (
        "sun",
        r#"<circle cx="8" cy="8" r="2.7"/><path d="M8 1.6v1.5M8 12.9v1.5M1.6 8h1.5M12.9 8h1.5M3.5 3.5l1 1M11.5 11.5l1 1M3.5 12.5l1-1M11.5 4.5l1-1"/>"#,
    ),
    ("moon", r#"<path d="M13.6 9.7A6 6 0 0 1 6.3 2.4a6 6 0 1 0 7.3 7.3z"/>"#),
    (
        "screen",
        r#"<rect x="1.8" y="2.8" width="12.4" height="8.2" rx="1.2"/><path d="M5.6 13.6h4.8"/>"#,
    ),
    ("menu", r#"<path d="M2.2 4.5h11.6M2.2 8h11.6M2.2 11.5h11.6"/>"#),
    ("check", r#"<path d="M2.8 8.6l3.4 3.4 7-7.6"/>"#),
    ("warning", r#"<path d="M8 1.9l6.5 11.6h-13zM8 6.3v3.2M8 11.5v.01"/>"#),
    ("info", r#"<circle cx="8" cy="8" r="6.2"/><path d="M8 7.4v3.8M8 4.9v.01"/>"#),
    ("plus", r#"<path d="M8 3v10M3 8h10"/>"#),
    (
        "calendar",
        r#"<rect x="2" y="3" width="12" height="11" rx="1.6"/><path d="M2 6.4h12M5.2 1.5v2.7M10.8 1.5v2.7"/>"#,
    ),
    (
        "key",
        r#"<circle cx="5.2" cy="10.8" r="3"/><path d="M7.4 8.6l5.8-5.8M11 5l2 2M9.2 6.8l1.3 1.3"/>"#,
    ),
    (
        "out",
        r#"<path d="M6.4 2.2H3.6c-.8 0-1.4.6-1.4 1.4v8.8c0 .8.6 1.4 1.4 1.4h2.8M10.4 4.8L13.6 8l-3.2 3.2M13.4 8H6"/>"#,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_that_a_template_names_is_drawn() {
        let mut named = 0;
        for (file, text) in crate::ui::templates::SOURCES {
            for part in text.split("icon(\"").skip(1) {
                let name = part.split('"').next().unwrap_or_default();
                assert!(!paths(name).is_empty(), "{file} names the icon `{name}`");
                named += 1;
            }
        }
        assert!(named > 4, "the templates name icons");
    }
}
