//! What templates can do to a value: times that speak, links to resources, badges, initials.
//!
//! A filter takes what the views hold (strings, numbers) and returns escaped or safe text. Time comes from
//! the page's own `now`, never from the clock, so that one page shows one moment.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, civil};
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, State};

use super::links::Links;
use super::{icons, markdown};

/// Registers all filters and functions.
pub(super) fn register(environment: &mut Environment<'static>) {
    environment.add_filter("date", date);
    environment.add_filter("at", at);
    environment.add_filter("ago", ago);
    environment.add_filter("ref", reference);
    environment.add_filter("title_of", title_of);
    environment.add_filter("md", markdown_filter);
    environment.add_filter("body", body_filter);
    environment.add_filter("initials", initials);
    environment.add_filter("tone", tone);
    environment.add_filter("plural", plural);
    environment.add_filter("words", words);
    environment.add_filter("ticks", |text: &str| safe(ticks(text)));
    environment.add_filter("sentence", |text: &str| safe(sentence(text)));
    environment.add_filter("revision", revision);
    environment.add_filter("kind_of", |text: &str| words(text.split('/').next().unwrap_or(text)));
    environment.add_filter("spaced", spaced);
    environment.add_filter("event", event);
    environment.add_filter("stream", stream);
    environment.add_filter("bytes", bytes);
    environment.add_filter("minutes", minutes);
    environment.add_filter("day", day);
    environment.add_filter("capital", capital);
    environment.add_filter("name_of", |text: &str| {
        text.split_once('/').map_or(text, |(_, name)| name).to_owned()
    });
    environment.add_filter("enc", |text: &str| super::links::encoded(text));
    environment.add_function("icon", icon);
    environment.add_function("asset", |state: &State<'_, '_>, name: &str| links(state).asset(name));
    environment.add_function("href", |state: &State<'_, '_>, path: &str| links(state).href(path));
}

/// A revision as people compare them: a commit's first letters, or those of a digest behind its name.
fn revision(text: &str) -> String {
    let (name, digits) = text.split_once(':').map_or(("", text), |(name, digits)| (name, digits));
    let colon = if name.is_empty() { "" } else { ":" };
    let short: String = digits.chars().take(10).collect();
    format!("{name}{colon}{short}")
}

fn links(state: &State<'_, '_>) -> std::sync::Arc<Links> {
    state
        .lookup("links")
        .and_then(|value| value.downcast_object::<Links>())
        .unwrap_or_else(|| std::sync::Arc::new(Links::app(std::sync::Arc::default())))
}

fn safe(html: String) -> Value {
    Value::from_safe_string(html)
}

fn wrong(what: &str, text: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("`{text}` is not {what}"))
}

/// `2026-11-22` → 22 Nov 2026, as a `<time>`. A missing date is an en dash.
fn date(value: &Value) -> Result<Value, Error> {
    let Some(text) = value.as_str() else { return Ok(Value::from("–")) };
    let day: civil::Date = match text.parse::<civil::Date>() {
        Ok(day) => day,
        Err(_) => moment(text)?.to_zoned(TimeZone::UTC).date(),
    };
    Ok(safe(format!("<time datetime=\"{day}\">{}</time>", day.strftime("%-d %b %Y"))))
}

/// `2026-11-22` → Sunday, 22 November 2026.
fn day(text: &str) -> Result<Value, Error> {
    let day: civil::Date = text.parse().map_err(|_| wrong("a date", text))?;
    Ok(safe(format!("<time datetime=\"{day}\">{}</time>", day.strftime("%A, %-d %B %Y"))))
}

/// A timestamp as day and minute in UTC.
fn at(value: &Value) -> Result<Value, Error> {
    let Some(text) = value.as_str() else { return Ok(Value::from("–")) };
    let moment = moment(text)?;
    let shown = moment.strftime("%-d %b %Y, %H:%M UTC");
    Ok(safe(format!("<time datetime=\"{moment:.0}\">{shown}</time>")))
}

/// A timestamp or date, told from the page's moment: "3 h ago", "in 2 days".
fn ago(state: &State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let Some(text) = value.as_str() else { return Ok(Value::from("–")) };
    let now = state.lookup("now").and_then(|now| now.as_str().and_then(|text| moment(text).ok()));
    let Some(now) = now else { return at(value) };
    if let Ok(day) = text.parse::<civil::Date>() {
        let today = now.to_zoned(TimeZone::UTC).date();
        let days = i64::from((day - today).get_days());
        return Ok(safe(format!(
            "<time datetime=\"{day}\" title=\"{}\">{}</time>",
            day.strftime("%-d %b %Y"),
            days_away(days)
        )));
    }
    let moment = moment(text)?;
    let told = distance(now.duration_until(moment));
    Ok(safe(format!(
        "<time datetime=\"{moment:.0}\" title=\"{}\" data-ago>{told}</time>",
        moment.strftime("%-d %b %Y, %H:%M UTC")
    )))
}

fn moment(text: &str) -> Result<Timestamp, Error> {
    text.parse().map_err(|_| wrong("a time", text))
}

fn days_away(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        ahead @ 2.. => format!("in {ahead} days"),
        past => format!("{} days ago", past.unsigned_abs()),
    }
}

fn distance(until: SignedDuration) -> String {
    let seconds = until.as_secs();
    let amount = seconds.unsigned_abs();
    let told = match amount {
        0..60 if seconds <= 0 => return "just now".to_owned(),
        0..60 => "a minute".to_owned(),
        60..3_600 => format!("{} min", amount / 60),
        3_600..172_800 => format!("{} h", amount / 3_600),
        _ => format!("{} days", amount / 86_400),
    };
    if seconds < 0 { format!("{told} ago") } else { format!("in {told}") }
}

/// `"seat/network" | ref` → a link with the seat's title; a second argument replaces the title.
fn reference(state: &State<'_, '_>, value: &Value, title: Option<&str>) -> Value {
    match value.as_str() {
        Some(text) => safe(links(state).anchor(text, title)),
        None => Value::from("–"),
    }
}

fn title_of(state: &State<'_, '_>, value: &str) -> String {
    links(state).title(value).to_owned()
}

fn markdown_filter(state: &State<'_, '_>, text: &str) -> Value {
    let links = links(state);
    safe(markdown::snippet(text, &|target| links.resolve(target)))
}

fn body_filter(state: &State<'_, '_>, text: &str) -> Value {
    let links = links(state);
    safe(markdown::body(text, &|target| links.resolve(target)))
}

/// "Ana Duarte" → AD.
pub(super) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// One of four tones, the same for the same name for ever.
fn tone(name: &str) -> String {
    let sum = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    format!("t{}", sum % 4)
}

/// `3 | plural("seat")` → 3 seats.
fn plural(count: i64, one: &str, many: Option<&str>) -> String {
    match (count, many) {
        (1, _) => format!("1 {one}"),
        (_, Some(many)) => format!("{count} {many}"),
        (_, None) => format!("{count} {one}s"),
    }
}

/// `DecisionType` → Decision type.
fn spaced(text: &str) -> String {
    const LETTERS: [(&str, &str); 5] =
        [("Raci", "RACI"), ("Slo", "SLO"), ("Vlan", "VLAN"), ("Vpn", "VPN"), ("Ssh", "SSH")];
    let mut words = String::with_capacity(text.len() + 4);
    for (at, character) in text.chars().enumerate() {
        let next_word = at > 0 && character.is_uppercase();
        if next_word {
            words.push(' ');
            words.extend(character.to_lowercase());
        } else {
            words.push(character);
        }
    }
    match LETTERS.iter().find(|(word, _)| {
        words.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }) {
        Some((word, letters)) => words.replacen(word, letters, 1),
        None => words,
    }
}

/// `decision.voted` → decision voted.
fn event(kind: &str) -> String {
    words(kind).replace('.', " ")
}

/// A stream as a link to the page of its subject, or to its own entries.
fn stream(state: &State<'_, '_>, name: &str) -> Value {
    let links = links(state);
    let mut parts = name.splitn(3, '/');
    let (kind, subject, rest) = (parts.next(), parts.next(), parts.next());
    let address = match (kind, subject, rest) {
        (Some(kind), Some(subject), None) => links.to(&format!("{kind}/{subject}")),
        (Some("ritual"), Some(ritual), Some(date)) => links
            .to(&format!("ritual/{ritual}"))
            .map(|path| format!("{path}/{}", super::links::encoded(date))),
        _ => None,
    };
    let address =
        address.unwrap_or_else(|| format!("/ledger?stream={}", super::links::encoded(name)));
    safe(format!(
        "<a class=\"ref mono small\" href=\"{}\">{}</a>",
        markdown::escape(&address),
        markdown::escape(name)
    ))
}

/// 2048 → 2 KiB.
fn bytes(count: u64) -> String {
    match count {
        0..1_024 => format!("{count} bytes"),
        1_024..1_048_576 => format!("{} KiB", count / 1_024),
        _ => format!("{} MiB", count / 1_048_576),
    }
}

/// 192 → 3 h 12 min. A missing length is an en dash.
fn minutes(value: &Value) -> Result<String, Error> {
    let Some(minutes) = value.as_i64() else { return Ok("–".to_owned()) };
    let (hours, rest) = (minutes / 60, minutes % 60);
    Ok(match (hours, rest) {
        (0, rest) => format!("{rest} min"),
        (hours @ 1..48, 0) => format!("{hours} h"),
        (hours @ 1..48, rest) => format!("{hours} h {rest} min"),
        (hours, _) => format!("{} days", hours / 24),
    })
}

/// "every Monday" → Every Monday.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

/// `disaster-recovery` → disaster recovery.
fn words(text: &str) -> String {
    text.replace(['-', '_'], " ")
}

/// A reason as a sentence: a capital, a full stop, code in backticks.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return String::new() };
    let stop = if text.ends_with(['.', '?', '!', '…']) { "" } else { "." };
    let capital: String =
        if text.starts_with('`') { first.to_string() } else { first.to_uppercase().collect() };
    ticks(&format!("{capital}{}{stop}", characters.as_str()))
}

/// Text with `code` in backticks, as diagnostics and refusals are written.
fn ticks(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 32);
    let mut parts = text.split('`').peekable();
    let mut inside = false;
    while let Some(part) = parts.next() {
        let closes = parts.peek().is_some();
        match (inside, closes) {
            (true, true) => {
                html.push_str("<code>");
                html.push_str(&markdown::escape(part));
                html.push_str("</code>");
            }
            // A backtick without a partner is itself.
            (true, false) => {
                html.push('`');
                html.push_str(&markdown::escape(part));
            }
            (false, _) => html.push_str(&markdown::escape(part)),
        }
        inside = !inside;
    }
    html
}

fn icon(name: &str) -> Value {
    safe(format!(
        "<svg viewBox=\"0 0 16 16\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\">{}</svg>",
        icons::paths(name)
    ))
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;

    #[track_caller]
    fn check(template: &str, expected: &str) {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
        register(&mut environment);
        let found = environment.render_str(template, context! { now => "2026-11-22T12:00:00Z" });
        assert_eq!(found.expect("the template renders"), expected);
    }

    #[test]
    fn times_are_told_from_the_pages_moment() {
        check(
            "{{ '2026-11-22T09:30:00Z' | ago }}",
            "<time datetime=\"2026-11-22T09:30:00Z\" title=\"22 Nov 2026, 09:30 UTC\" data-ago>2 h ago</time>",
        );
        check(
            "{{ '2026-11-23T14:00:00Z' | ago }}",
            "<time datetime=\"2026-11-23T14:00:00Z\" title=\"23 Nov 2026, 14:00 UTC\" data-ago>in 26 h</time>",
        );
        check(
            "{{ '2026-11-25' | ago }}",
            "<time datetime=\"2026-11-25\" title=\"25 Nov 2026\">in 3 days</time>",
        );
        check(
            "{{ '2026-11-21' | ago }}",
            "<time datetime=\"2026-11-21\" title=\"21 Nov 2026\">yesterday</time>",
        );
        check("{{ none | ago }}", "–");
    }

    #[test]
    fn dates_are_machine_readable_too() {
        check("{{ '2026-01-05' | date }}", "<time datetime=\"2026-01-05\">5 Jan 2026</time>");
        check(
            "{{ '2026-01-05T23:59:59.5Z' | date }}",
            "<time datetime=\"2026-01-05\">5 Jan 2026</time>",
        );
    }

    #[test]
    fn text_is_escaped_and_markdown_is_safe() {
        check("{{ '<b>' }}", "&lt;b&gt;");
        check("{{ 'a **b** <i>' | md }}", "<p>a <strong>b</strong> </p>\n");
    }

    #[test]
    fn small_words() {
        check("{{ 'Ana Maria Duarte' | initials }} {{ 'ana' | initials }}", "AD A");
        check("{{ 1 | plural('seat') }}, {{ 3 | plural('person', 'people') }}", "1 seat, 3 people");
        check("{{ 'disaster-recovery' | words }}", "disaster recovery");
        check(
            "{{ 'DecisionType' | spaced }}, {{ 'RaciArea' | spaced }}",
            "Decision type, RACI area",
        );
        check("{{ 'no `<a>` in `b' | ticks }}", "no <code>&lt;a&gt;</code> in `b");
    }
}
