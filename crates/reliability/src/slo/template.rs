//! A query with a gap where the window belongs, so that it is parsed once and rendered for any window.

use crate::promql::{Expression, Node, Type};

use super::Minutes;

/// A query for any window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The text between the gaps.
    pieces: Vec<String>,
    /// What its numbers count per.
    pub per: Per,
}

/// What a number of events is counted per.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Per second, as `rate` yields.
    Second,
    /// Per window, as `increase` and `…_over_time` yield.
    Window,
    /// Per whatever the query means by it.
    Look,
}

impl Template {
    /// Makes it from a query that computes rates of events: one with `{{.window}}`, one of bare counters
    /// (around each of which a rate is put), or one that has ranges of its own and stays as it is.
    ///
    /// Without an aggregation around it, everything is summed up: an objective is one number.
    #[must_use]
    pub fn of_events(text: &str, query: &Expression, is_counter: bool) -> Self {
        let summed = !is_aggregated(query);
        let (before, after) = if summed { ("sum(", closing(text)) } else { ("", "") };
        let (mut pieces, per) = if has_window(text) {
            (between_windows(text), per(query))
        } else if is_counter && !has_range(query) {
            (with_rates(text, query), Per::Second)
        } else {
            let per = if has_range(query) { per(query) } else { Per::Look };
            (vec![text.to_owned()], if per == Per::Window { Per::Look } else { per })
        };
        if let Some(first) = pieces.first_mut() {
            first.insert_str(0, before);
        }
        if let Some(last) = pieces.last_mut() {
            last.push_str(after);
        }
        Self { pieces, per }
    }

    /// Makes it from a query that computes a ratio; `None` when it does not say over which window.
    #[must_use]
    pub fn of_ratio(text: &str) -> Option<Self> {
        has_window(text).then(|| Self { pieces: between_windows(text), per: Per::Look })
    }

    /// The query over one window, in brackets.
    #[must_use]
    pub fn over(&self, window: Minutes) -> String {
        let text = self.pieces.join(&window.to_string());
        format!("({}{}", text.trim(), closing(&text))
    }
}

/// A closing bracket, on a line of its own behind a comment.
pub(super) fn closing(text: &str) -> &'static str {
    if text.contains('#') { "\n)" } else { ")" }
}

fn has_window(text: &str) -> bool {
    between_windows(text).len() > 1
}

/// Cuts `{{.window}}` out, however it is spaced.
fn between_windows(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        piece.push_str(before);
        match behind.split_once("}}") {
            Some((name, after)) if name.trim() == ".window" => {
                pieces.push(std::mem::take(&mut piece));
                rest = after;
            }
            Some(_) | None => {
                piece.push_str("{{");
                rest = behind;
            }
        }
    }
    piece.push_str(rest);
    pieces.push(piece);
    pieces
}

fn has_range(query: &Expression) -> bool {
    let mut found = false;
    query.walk(&mut |part| found |= part.yields == Type::Range);
    found
}

/// Puts `rate(…[window])` around every selector.
fn with_rates(text: &str, query: &Expression) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut done = 0;
    for (selector, span) in query.selectors() {
        let part = |from: u32, to: u32| text.get(from as usize..to as usize).unwrap_or_default();
        piece.push_str(part(done, span.start));
        piece.push_str("rate(");
        piece.push_str(part(span.start, selector.core_end));
        piece.push('[');
        pieces.push(std::mem::take(&mut piece));
        piece.push(']');
        piece.push_str(part(selector.core_end, span.end));
        piece.push(')');
        done = span.end;
    }
    piece.push_str(text.get(done as usize..).unwrap_or_default());
    pieces.push(piece);
    pieces
}

/// Whether every series in the result comes out of an aggregation, or out of no series at all.
pub(super) fn is_aggregated(query: &Expression) -> bool {
    match &query.node {
        Node::Aggregate { .. } | Node::Number | Node::Text => true,
        Node::Selector(_) => false,
        Node::Subquery(inner) | Node::Wrapped(inner) => is_aggregated(inner),
        Node::Call(call) => call.arguments.iter().all(is_aggregated),
        Node::Binary(binary) => is_aggregated(&binary.left) && is_aggregated(&binary.right),
    }
}

/// A rate is per second; what is counted or summed over a range is per range.
fn per(query: &Expression) -> Per {
    let mut found = Per::Look;
    query.walk(&mut |part| {
        let Node::Call(call) = &part.node else { return };
        if matches!(call.function, "rate" | "irate" | "deriv") {
            found = Per::Second;
        } else if found == Per::Look
            && matches!(call.function, "increase" | "delta" | "sum_over_time" | "count_over_time")
        {
            found = Per::Window;
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    #[track_caller]
    fn check(text: &str, is_counter: bool, expect: (&str, Per)) {
        let template = Template::of_events(text, &parse(text).unwrap(), is_counter);
        let over = template.over(Minutes::FIVE);
        assert_eq!((over.as_str(), template.per), expect, "{text}");
        assert!(parse(&over).is_ok(), "{over} parses");
    }

    #[test]
    fn counters_get_a_rate_and_what_is_not_summed_is_summed() {
        check("http_requests_total", true, ("(sum(rate(http_requests_total[5m])))", Per::Second));
        check(
            "sum by (job) (a_total{x=\"[\"} offset 1h) + b_total",
            true,
            (
                "(sum(sum by (job) (rate(a_total{x=\"[\"}[5m] offset 1h)) + rate(b_total[5m])))",
                Per::Second,
            ),
        );
        check("sum(queue)", false, ("(sum(queue))", Per::Look));
    }

    #[test]
    fn a_window_that_is_asked_for_is_filled_in() {
        let text = "sum(increase(x_total[{{ .window }}])) or on() vector(0)";
        check(text, true, ("(sum(increase(x_total[5m])) or on() vector(0))", Per::Window));
        check("sum(rate(x[1m]))", true, ("(sum(rate(x[1m])))", Per::Second));
    }

    #[test]
    fn a_comment_does_not_swallow_the_bracket() {
        check("x_total # all", true, ("(sum(rate(x_total[5m]) # all\n)\n)", Per::Second));
    }
}
