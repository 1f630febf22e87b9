//! The parser beside `promtool`: one list of queries, one judgement.

use super::*;
use crate::promtool;

/// What both accept.
const RIGHT: [&str; 24] = [
    "up",
    "sum(rate(http_requests_total{job=\"api\",code=~\"5..\"}[5m]))",
    "sum by (job, code) (rate(x_total[5m])) / ignoring (code) group_left sum by (job) (rate(x_total[5m]))",
    "1 - (a / b)",
    "-2 ^ 2",
    "sum without (instance) (x) > bool 3",
    "x offset -5m",
    "rate(x[5m] offset 1h)",
    "max_over_time(rate(x[5m])[1h:1m])",
    "sum_over_time((count(x < 0.75))[5m:]) OR on() vector(0)",
    "histogram_quantile(0.99, sum by (le) (rate(d_bucket[10m])))",
    "topk(5, x)",
    "count_values(\"version\", build)",
    "label_replace(x, \"a\", \"$1\", \"b\", \"(.*)\")",
    "time() - last_success > 3600",
    "absent(up{job='x'})",
    "{__name__=~\"job:.+\"}",
    "job:errors:rate5m unless on (job) maintenance",
    "x{a=\"b\",} # a comment\n + y",
    "sum(x) by (job)",
    "x @ 1609746000",
    "1e-3 + 0x1F + .5 + Inf",
    "round(x)",
    "hour() >= 9 and hour() < 17",
];

/// What both refuse, with what we point at.
const WRONG: [(&str, &str); 20] = [
    ("sum(rate(x[5m])", ""),
    ("rate(x)", "x"),
    ("sum(x[5m])", "x[5m]"),
    ("x y", "y"),
    ("sum(rate(x[5m]))) / y", ")"),
    ("{}", "{}"),
    ("{a=~\".*\"}", "{a=~\".*\"}"),
    ("x{a=5}", "5"),
    ("x{a==\"b\"}", "=="),
    ("rat(x[5m])", "rat"),
    ("x[5mm]", "5mm"),
    ("1 == 2", "=="),
    ("x and 1", "and"),
    ("\"text\" + 1", "\"text\""),
    ("sum by job (x)", "job"),
    ("(x + y)[5m]", "[5m]"),
    ("x{a=\"b}", "\""),
    ("clamp_max(x)", "clamp_max(x)"),
    ("x + bool y", "+"),
    ("round(x, 1, 2)", "2"),
];

#[test]
fn what_is_promql_is_read() {
    for query in RIGHT {
        assert!(parse(query).is_ok(), "{query}: {:?}", parse(query));
    }
}

#[test]
fn what_is_not_is_named_where_it_stands() {
    for (query, place) in WRONG {
        let error = parse(query).expect_err(query);
        let shown = query.get(error.span.start as usize..error.span.end as usize).unwrap();
        assert_eq!(shown, place, "{query}: {error}");
    }
}

#[test]
fn promtool_judges_every_query_of_these_lists_as_we_do() {
    let folder = tempfile::tempdir().unwrap();
    let judge = |query: &str| {
        let path = folder.path().join("rules.yml");
        let query = serde_json::to_string(query).unwrap();
        let rules = format!("groups: [{{name: g, rules: [{{record: r, expr: {query}}}]}}]\n");
        std::fs::write(&path, rules).unwrap();
        promtool::run(&["check", "rules", &path.to_string_lossy()]).map(|(passed, _)| passed)
    };
    for query in RIGHT {
        let Some(accepted) = judge(query) else { return };
        assert!(accepted, "promtool refuses {query}");
    }
    for (query, _) in WRONG {
        let Some(accepted) = judge(query) else { return };
        assert!(!accepted, "promtool accepts {query}");
    }
}

#[test]
fn a_window_stands_where_a_range_does() {
    let query = parse("sum(rate(x[{{.window}}])) / sum(rate(y[{{ .window }}] offset 1h))").unwrap();
    let selectors = query.selectors();
    let ranges: Vec<_> = selectors.iter().map(|(one, _)| one.range.unwrap().is_window).collect();
    assert_eq!(ranges, [true, true]);
    let faulty = parse("sum({{.window}})").expect_err("a window is no operand");
    assert_eq!((faulty.span.start, faulty.span.end), (4, 15));
}

#[test]
fn nesting_has_a_limit_and_reaching_it_is_a_finding() {
    let deep = format!("{}x{}", "(".repeat(5_000), ")".repeat(5_000));
    assert_eq!(parse(&deep).expect_err("deep").message, "the query nests too deeply");
    let signs = format!("{}x", "-".repeat(5_000));
    assert_eq!(parse(&signs).expect_err("deep").message, "the query nests too deeply");
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_strange(text in "[a-z(){}\\[\\],:=~!<>+*/^@\"'`0-9 \\-é#.]{0,40}") {
        if let Err(error) = parse(&text) {
            let (start, end) = (error.span.start as usize, error.span.end as usize);
            proptest::prop_assert!(text.get(start..end).is_some(), "{error}");
        }
    }
}
