//! What a machine can check of WCAG 2.2 AA, on every page, in the page as the browser sees it.

use super::browser::Look;
use super::stage::{PAGES, Stage};

/// Returns a sentence for each thing that is wrong.
const CHECKS: &str = r#"
const wrong = [];
const all = (selector) => [...document.querySelectorAll(selector)];
const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false });
const name = (element) => (element.getAttribute("aria-label")
  || (element.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean).map((id) => document.getElementById(id)?.textContent).join(" ")
  || [...(element.labels || [])].map((label) => label.textContent).join(" ")
  || element.textContent || element.title || "").trim();
const told = (element) => element.outerHTML.slice(0, 120);
if (!document.documentElement.lang) wrong.push("the page has no language");
if (!document.title) wrong.push("the page has no title");
if (all("main").length !== 1) wrong.push("there is not exactly one main landmark");
if (all("h1").length !== 1) wrong.push("there is not exactly one first heading");
let level = 0;
for (const heading of all("main :is(h1, h2, h3, h4, h5, h6)")) {
  const next = Number(heading.tagName[1]);
  if (level && next > level + 1) wrong.push(`a heading skips a level: ${told(heading)}`);
  level = next;
}
const ids = new Set();
for (const element of all("[id]")) {
  if (ids.has(element.id)) wrong.push(`the id ${element.id} stands twice`);
  ids.add(element.id);
}
for (const element of all("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]")) {
  if (!name(element)) wrong.push(`no name: ${told(element)}`);
}
for (const image of all("img")) if (!image.hasAttribute("alt")) wrong.push(`no alternative: ${told(image)}`);
for (const picture of all("svg")) {
  if (!picture.closest("[aria-hidden=true]") && !name(picture) && !picture.closest(".brand")) wrong.push(`a picture without words: ${told(picture)}`);
}
for (const table of all("table")) {
  if (!table.closest(".prose") && !table.caption) wrong.push(`a table without caption: ${told(table)}`);
  for (const cell of table.querySelectorAll("th")) if (!cell.scope && !table.closest(".prose")) wrong.push(`a heading cell without scope: ${told(cell)}`);
}
for (const element of all("[aria-controls], [aria-labelledby], [aria-describedby], label[for]")) {
  for (const attribute of ["aria-labelledby", "aria-describedby", "for"]) {
    for (const id of (element.getAttribute(attribute) || "").split(" ").filter(Boolean)) {
      if (!document.getElementById(id)) wrong.push(`${attribute} points to nothing: ${told(element)}`);
    }
  }
}
for (const element of all("button, input:not([type=hidden], [type=radio], [type=checkbox]), select, .nav a, .button")) {
  if (!seen(element)) continue;
  const box = element.getBoundingClientRect();
  if (box.width < 24 || box.height < 24) wrong.push(`a target of ${Math.round(box.width)} by ${Math.round(box.height)}: ${told(element)}`);
}
for (const element of all("[tabindex]")) if (element.tabIndex > 0) wrong.push(`a tab order of its own: ${told(element)}`);
for (const region of all(".scroll")) {
  const reached = region.hasAttribute("tabindex") || region.querySelector("a[href], button, input");
  if (region.scrollWidth > region.clientWidth + 1 && !reached) wrong.push(`scrolls, and no key reaches it: ${told(region)}`);
}
return wrong;
"#;

async fn check(look: Look) {
    let Some(stage) = Stage::open(look).await else { return };
    let mut wrong = Vec::new();
    for page in PAGES {
        stage.go(page).await;
        let found = stage.browser.evaluate(CHECKS).await;
        let found = found.as_array().unwrap();
        wrong.extend(found.iter().map(|what| format!("{page}: {}", what.as_str().unwrap())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_passes_on_a_desk() {
    check(Look::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_passes_on_a_phone() {
    check(Look { width: Some(390), ..Look::default() }).await;
}
