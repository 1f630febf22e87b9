//! The functions of PromQL: what they are given and what they yield.
//!
//! Names and arguments as Prometheus 3.5 documents them (experimental ones too: whether a server has
//! them switched on is the server's business).

use super::Type;

/// A function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function {
    /// Its name.
    pub(super) name: &'static str,
    /// One letter for each argument: `i` instant vector, `r` range vector, `n` number, `t` text.
    /// What follows `?` may be left out, and what follows `*` may come any number of times.
    pub(super) arguments: &'static str,
    /// What it yields.
    pub(super) yields: Type,
}

/// The aggregations, and the parameter that some take first.
pub(super) const AGGREGATIONS: [(&str, Option<Type>); 14] = [
    ("sum", None),
    ("avg", None),
    ("count", None),
    ("min", None),
    ("max", None),
    ("group", None),
    ("stddev", None),
    ("stdvar", None),
    ("topk", Some(Type::Scalar)),
    ("bottomk", Some(Type::Scalar)),
    ("quantile", Some(Type::Scalar)),
    ("limitk", Some(Type::Scalar)),
    ("limit_ratio", Some(Type::Scalar)),
    ("count_values", Some(Type::Text)),
];

/// Functions of one instant vector that yield one.
const OF_INSTANT: [&str; 32] = [
    "abs",
    "absent",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "ceil",
    "cos",
    "cosh",
    "deg",
    "exp",
    "floor",
    "histogram_avg",
    "histogram_count",
    "histogram_stddev",
    "histogram_stdvar",
    "histogram_sum",
    "ln",
    "log10",
    "log2",
    "rad",
    "sgn",
    "sin",
    "sinh",
    "sort",
    "sort_desc",
    "sqrt",
    "tan",
    "tanh",
    "timestamp",
];

/// Functions of one range vector that yield an instant one.
const OF_RANGE: [&str; 24] = [
    "absent_over_time",
    "avg_over_time",
    "changes",
    "count_over_time",
    "delta",
    "deriv",
    "first_over_time",
    "idelta",
    "increase",
    "irate",
    "last_over_time",
    "mad_over_time",
    "max_over_time",
    "min_over_time",
    "present_over_time",
    "rate",
    "resets",
    "stddev_over_time",
    "stdvar_over_time",
    "sum_over_time",
    "ts_of_first_over_time",
    "ts_of_last_over_time",
    "ts_of_max_over_time",
    "ts_of_min_over_time",
];

/// Functions of the present moment's calendar, of one optional instant vector.
const OF_TIME: [&str; 8] = [
    "day_of_month",
    "day_of_week",
    "day_of_year",
    "days_in_month",
    "hour",
    "minute",
    "month",
    "year",
];

/// All others.
const OTHERS: [(&str, &str, Type); 18] = [
    ("clamp", "inn", Type::Instant),
    ("clamp_max", "in", Type::Instant),
    ("clamp_min", "in", Type::Instant),
    ("double_exponential_smoothing", "rnn", Type::Instant),
    ("histogram_fraction", "nni", Type::Instant),
    ("histogram_quantile", "ni", Type::Instant),
    ("holt_winters", "rnn", Type::Instant),
    ("info", "i?i", Type::Instant),
    ("label_join", "itt*t", Type::Instant),
    ("label_replace", "itttt", Type::Instant),
    ("pi", "", Type::Scalar),
    ("predict_linear", "rn", Type::Instant),
    ("quantile_over_time", "nr", Type::Instant),
    ("round", "i?n", Type::Instant),
    ("scalar", "i", Type::Scalar),
    ("sort_by_label", "i*t", Type::Instant),
    ("sort_by_label_desc", "i*t", Type::Instant),
    ("time", "", Type::Scalar),
];

/// `vector`, whose argument is a number.
const VECTOR: Function = Function { name: "vector", arguments: "n", yields: Type::Instant };

/// Finds a function; names of functions are case-sensitive.
pub(super) fn find(name: &str) -> Option<Function> {
    let of = |list: &[&'static str], arguments| {
        let name = list.iter().find(|one| **one == name)?;
        Some(Function { name, arguments, yields: Type::Instant })
    };
    let others = || {
        let (name, arguments, yields) = OTHERS.iter().find(|(one, ..)| *one == name)?;
        Some(Function { name, arguments, yields: *yields })
    };
    of(&OF_RANGE, "r")
        .or_else(|| of(&OF_INSTANT, "i"))
        .or_else(|| of(&OF_TIME, "?i"))
        .or_else(others)
        .or_else(|| (name == VECTOR.name).then_some(VECTOR))
}

/// All names, for "did you mean".
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let lists = OF_RANGE.into_iter().chain(OF_INSTANT).chain(OF_TIME);
    lists.chain(OTHERS.map(|(name, ..)| name)).chain([VECTOR.name])
}

impl Function {
    /// What the argument at a place must be; `None` where there is no such place.
    pub(super) fn argument(&self, place: usize) -> Option<Type> {
        let mut seen = 0;
        let mut last = None;
        let mut repeats = false;
        for letter in self.arguments.chars() {
            match letter {
                '?' => {}
                '*' => repeats = true,
                letter => {
                    last = Some(match letter {
                        'i' => Type::Instant,
                        'r' => Type::Range,
                        't' => Type::Text,
                        _ => Type::Scalar,
                    });
                    if seen == place {
                        return last;
                    }
                    seen += 1;
                }
            }
        }
        if repeats { last } else { None }
    }

    /// How many arguments it needs at least.
    pub(super) fn least(&self) -> usize {
        self.arguments.find(['?', '*']).unwrap_or(self.arguments.len())
    }
}
