//! Where a person sees the same: pages of Grafana, Kibana, OpenSearch Dashboards, Graylog and Jaeger.
//!
//! Links carry what is asked, never credentials. Sources: Grafana's documentation, "Generate Explore URLs"; Elastic's "Discover"
//! with its state in `_g` and `_a`; OpenSearch Dashboards' Discover, which keeps it in `_g`, `_a` and `_q`.

use reqwest::Url;
use serde_json::{Value, json};

use crate::quote::{percent, rison};
use crate::{SignalError, Store, Window};

/// A Grafana in which a store is a data source.
#[derive(Clone, Debug)]
pub struct Grafana {
    /// Its address.
    pub base: Url,
    /// The data source's `uid` there.
    pub data_source: String,
    /// The number of the organization there; 1 where there is but one.
    pub organization: u32,
}

/// A Kibana or an OpenSearch Dashboards.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its address, with the path of a space if there is one.
    pub base: Url,
    /// The id of the data view (index pattern) there; without one the page shows its default.
    pub data_view: Option<String>,
}

/// Reads an address that things are asked at or people are sent to.
pub(crate) fn address(store: Store, text: &str) -> Result<Url, SignalError> {
    let settings = |why: String| SignalError::Settings { store, why };
    // What stands before an `@` may be a password.
    let shown = if text.contains('@') { "what was given" } else { text };
    let url = Url::parse(text.trim_end_matches('/'))
        .map_err(|error| settings(format!("`{shown}` is no address ({error})")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(settings("its address holds credentials; give them apart from it".to_owned()));
    }
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(settings(format!(
            "`{shown}` does not begin with http:// or https:// and a host"
        )));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(settings(format!("`{shown}` holds a query; give only the part before it")));
    }
    Ok(url)
}

/// An address with more path.
pub(crate) fn below(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Only an address like `mailto:` has no path, and `address` takes none of those; its path then stays as it is.
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

/// Grafana's Explore with one query of a data source.
pub(crate) fn explore(grafana: &Grafana, kind: &str, query: &Value, window: &Window) -> Url {
    let (from, to) = window.in_units_of(1_000_000);
    let mut asked = json!({"refId": "A", "datasource": {"type": kind, "uid": grafana.data_source}});
    if let (Some(asked), Some(query)) = (asked.as_object_mut(), query.as_object()) {
        asked.extend(query.clone());
    }
    let pane = json!({
        "datasource": grafana.data_source,
        "queries": [asked],
        "range": {"from": from.to_string(), "to": to.to_string()},
    });
    let mut url = below(&grafana.base, &["explore"]);
    url.query_pairs_mut()
        .append_pair("schemaVersion", "1")
        .append_pair("panes", &json!({"council": pane}).to_string())
        .append_pair("orgId", &grafana.organization.to_string());
    url
}

/// Kibana's Discover.
pub(crate) fn kibana(page: &Page, query: &str, window: &Window) -> Url {
    let view = page.data_view.as_deref().map(|id| format!("index:{},", rison(id)));
    let state =
        format!("({}query:(language:kuery,query:{}))", view.unwrap_or_default(), rison(query));
    let mut url = below(&page.base, &["app", "discover"]);
    url.set_fragment(Some(&format!("/?_g={}&_a={}", percent(&times(window)), percent(&state))));
    url
}

/// OpenSearch Dashboards' Discover.
pub(crate) fn dashboards(page: &Page, query: &str, window: &Window) -> Url {
    let view = page.data_view.as_deref().map(|id| format!("indexPattern:{},", rison(id)));
    let state =
        format!("(discover:(columns:!()),metadata:({}view:discover))", view.unwrap_or_default());
    let asked = format!("(filters:!(),query:(language:kuery,query:{}))", rison(query));
    let mut url = below(&page.base, &["app", "data-explorer", "discover"]);
    let parts = [times(window), state, asked].map(|part| percent(&part));
    let [times, state, asked] = parts;
    url.set_fragment(Some(&format!("?_g={times}&_a={state}&_q={asked}")));
    url
}

fn times(window: &Window) -> String {
    let [from, to] = [window.from(), window.to()].map(|at| rison(&at.to_string()));
    format!("(time:(from:{from},to:{to}))")
}
