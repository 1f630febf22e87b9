//! The panels that dashboards are made of.

use serde_json::{Value, json};

/// Where a panel lies, on a grid of 24 columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) w: u32,
    pub(super) h: u32,
}

/// How numbers are shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unit {
    /// As they are.
    Plain,
    /// From 0 to 1, as percent.
    Ratio,
}

/// The data source that the reader chose.
fn source() -> Value {
    json!({ "type": "prometheus", "uid": "${datasource}" })
}

fn panel(kind: &str, title: &str, place: Place) -> Value {
    let Place { x, y, w, h } = place;
    json!({ "type": kind, "title": title, "gridPos": { "x": x, "y": y, "w": w, "h": h } })
}

fn target(legend: &str, query: &str, letter: char) -> Value {
    json!({
        "datasource": source(),
        "expr": query,
        "legendFormat": legend,
        "refId": letter.to_string(),
    })
}

fn defaults(unit: Unit) -> Value {
    let unit = match unit {
        Unit::Plain => "short",
        Unit::Ratio => "percentunit",
    };
    json!({ "defaults": { "unit": unit, "decimals": 3 }, "overrides": [] })
}

/// Words, in Markdown.
pub(super) fn text(title: &str, words: &str, place: Place) -> Value {
    let mut panel = panel("text", title, place);
    panel["options"] = json!({ "mode": "markdown", "content": words });
    panel
}

/// One number.
pub(super) fn stat((title, unit): (&str, Unit), query: &str, place: Place) -> Value {
    let mut panel = panel("stat", title, place);
    panel["datasource"] = source();
    panel["fieldConfig"] = defaults(unit);
    panel["options"] = json!({ "reduceOptions": { "calcs": ["lastNotNull"] } });
    panel["targets"] = json!([target("", query, 'A')]);
    panel
}

/// Lines over time, each with its legend.
pub(super) fn series(
    (title, unit): (&str, Unit),
    lines: &[(String, String)],
    place: Place,
) -> Value {
    let mut panel = panel("timeseries", title, place);
    panel["datasource"] = source();
    panel["fieldConfig"] = defaults(unit);
    let targets =
        lines.iter().zip('A'..='Z').map(|((legend, query), letter)| target(legend, query, letter));
    panel["targets"] = Value::Array(targets.collect());
    panel
}

/// One row a series.
pub(super) fn table(title: &str, query: &str, place: Place) -> Value {
    let mut panel = panel("table", title, place);
    panel["datasource"] = source();
    panel["fieldConfig"] = defaults(Unit::Plain);
    let mut target = target("", query, 'A');
    target["format"] = json!("table");
    target["instant"] = json!(true);
    panel["targets"] = json!([target]);
    panel["transformations"] = json!([{
        "id": "organize",
        "options": { "excludeByName": { "Time": true, "__name__": true } },
    }]);
    panel
}
