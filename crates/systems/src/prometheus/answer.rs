//! What Prometheus answers, read with suspicion.

use jiff::Timestamp;
use serde::Deserialize;

/// Characters of a refusal that are shown.
const MOST_WORDS: usize = 300;

/// Samples of one series, in order of time.
pub type Samples = Vec<(Timestamp, f64)>;

/// One series over a range.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Its samples; none where no series was found.
    pub samples: Samples,
    /// What the server was not sure of; then samples may be missing or incomplete.
    pub warnings: Vec<String>,
}

#[derive(Deserialize)]
struct Answer {
    status: String,
    data: Option<Data>,
    #[serde(default)]
    warnings: Vec<String>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "resultType")]
    result_type: String,
    result: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    values: Vec<(f64, String)>,
}

/// Reads an answer.
pub(super) fn read(body: &[u8]) -> Result<Found, String> {
    let answer: Answer = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    if answer.status != "success" {
        return Err(answer.error.unwrap_or_else(|| format!("its status is `{}`", answer.status)));
    }
    let data = answer.data.ok_or("it has no data")?;
    if data.result_type != "matrix" {
        return Err(format!("it is a `{}` and no `matrix`", data.result_type));
    }
    let mut samples = Samples::new();
    match data.result.as_slice() {
        [] => {}
        [one] => {
            for (at, value) in &one.values {
                samples.push((timestamp(*at)?, number(value)?));
            }
        }
        [_, ..] => {
            return Err(format!("it has {} series where one was asked for", data.result.len()));
        }
    }
    if !samples.is_sorted_by(|(first, _), (second, _)| first < second) {
        return Err("its samples are not in order of time".to_owned());
    }
    Ok(Found { samples, warnings: answer.warnings })
}

/// Seconds since 1970, with milliseconds behind the point.
fn timestamp(seconds: f64) -> Result<Timestamp, String> {
    let since = jiff::SignedDuration::try_from_secs_f64(seconds).ok();
    // Floats hold milliseconds of our age exactly enough, and nothing finer.
    let milliseconds = since.map(|since| since.as_millis());
    let milliseconds = milliseconds.and_then(|count| i64::try_from(count).ok());
    milliseconds
        .and_then(|count| Timestamp::from_millisecond(count).ok())
        .ok_or_else(|| format!("`{seconds}` is no time"))
}

/// `NaN`, `+Inf` and `-Inf` are numbers here: whoever counts decides what they mean.
fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

/// The words of a refusal, without markup and not too long.
pub(super) fn refusal(body: &[u8]) -> String {
    let answer = serde_json::from_slice::<Answer>(body).ok();
    let words = answer.and_then(|answer| answer.error);
    let words = words.unwrap_or_else(|| String::from_utf8_lossy(body).trim().to_owned());
    words.chars().filter(|one| !one.is_control()).take(MOST_WORDS).collect()
}
