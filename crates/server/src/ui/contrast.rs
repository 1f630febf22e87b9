//! Proof that text can be read: the contrast of every pair of colours that the style sheet puts on each
//! other, in both themes, computed as WCAG 2.2 defines it from the variables themselves.

use std::collections::BTreeMap;

/// Text on ground: at least 4.5.
const TEXT: &[(&str, &str)] = &[
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "sunken"),
    ("soft", "paper"),
    ("soft", "surface"),
    ("soft", "sunken"),
    ("accent", "paper"),
    ("accent", "surface"),
    ("accent", "sunken"),
    ("accent", "accent-wash"),
    ("on-accent", "accent"),
    ("good", "good-wash"),
    ("good", "surface"),
    ("warn", "warn-wash"),
    ("warn", "surface"),
    ("warn", "paper"),
    ("bad", "bad-wash"),
    ("bad", "surface"),
    ("info", "info-wash"),
    ("info", "surface"),
    ("plum", "plum-wash"),
    ("ink", "accent-wash"),
    ("ink", "info-wash"),
    ("ink", "good-wash"),
    ("ink", "warn-wash"),
    ("ink", "bad-wash"),
    ("ink", "plum-wash"),
];

/// Edges of fields and buttons: at least 3.
const EDGES: &[(&str, &str)] = &[("edge", "surface"), ("accent", "surface"), ("warn", "surface")];

type Colour = [f64; 3];

/// The `light-dark()` pairs by name.
fn variables() -> BTreeMap<&'static str, (Colour, Colour)> {
    let css = include_str!("../../assets/council.css");
    css.lines()
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
            let (light, dark) = value.strip_suffix(");")?.split_once(", ")?;
            Some((name, (colour(light)?, colour(dark)?)))
        })
        .collect()
}

fn colour(text: &str) -> Option<Colour> {
    let digits = text.strip_prefix('#')?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some([part(0)?.into(), part(2)?.into(), part(4)?.into()])
}

fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = part / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(left: Colour, right: Colour) -> f64 {
    let (left, right) = (luminance(left), luminance(right));
    (left.max(right) + 0.05) / (left.min(right) + 0.05)
}

#[track_caller]
fn check(pairs: &[(&str, &str)], least: f64) {
    let variables = variables();
    for (text, ground) in pairs {
        let (above, below) = (variables[text], variables[ground]);
        for (theme, found) in
            [("light", contrast(above.0, below.0)), ("dark", contrast(above.1, below.1))]
        {
            assert!(found >= least, "{text} on {ground}, {theme}: {found:.2} is below {least}");
        }
    }
}

#[test]
fn black_on_white_is_twenty_one_to_one() {
    assert!((contrast([0.0; 3], [255.0; 3]) - 21.0).abs() < 0.001);
}

#[test]
fn text_can_be_read_in_both_themes() {
    check(TEXT, 4.5);
}

#[test]
fn edges_can_be_seen_in_both_themes() {
    check(EDGES, 3.0);
}
