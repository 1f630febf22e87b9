//! What happens around a change, as somebody types it: windows, alerts that are silent, what the status page says.
//!
//! The flags make one silence, which is what a change needs; several with reasons of their own go over the API.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::changes::Detail;

/// What happens around a change.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Maintenance {
    /// When it may be applied: two moments with `..` between them, such as
    /// `2026-11-24T22:00+01:00..2026-11-25T02:00+01:00`; may be given several times
    #[arg(long, value_name = "FROM..UNTIL", value_parser = window)]
    window: Vec<Window>,
    /// Silence alerts with this label while it is applied, such as `service=checkout`; given several times, alerts with
    /// all of them
    #[arg(long, value_name = "MATCHER")]
    silence: Vec<String>,
    /// How long they are silent at most
    #[arg(long, value_name = "PERIOD", default_value = "2h", requires = "silence")]
    silence_at_most: String,
    /// What the status page says meanwhile
    #[arg(long, value_name = "WORDS")]
    notice: Option<String>,
    /// A service that the notice is about; may be given several times
    #[arg(long, value_name = "SERVICE", requires = "notice")]
    affects: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    from: Timestamp,
    until: Timestamp,
}

impl Maintenance {
    /// What the council is told of a change with this title.
    pub(super) fn asked(&self, title: &str) -> Value {
        let windows = self.window.iter().map(|it| json!({ "from": it.from, "until": it.until }));
        let silence =
            json!({ "matchers": self.silence, "comment": title, "at_most": self.silence_at_most });
        let silences = if self.silence.is_empty() { Vec::new() } else { vec![silence] };
        json!({
            "windows": windows.collect::<Vec<_>>(), "silences": silences,
            "notice": self.notice, "services": self.affects,
        })
    }
}

/// What a change declares already, for whoever describes the rest of it anew.
pub(super) fn declared(detail: &Detail) -> Value {
    let silences = detail.silences.iter().map(|it| {
        json!({ "matchers": it["matchers"], "comment": it["comment"], "at_most": it["at_most"] })
    });
    json!({
        "windows": detail.windows, "silences": silences.collect::<Vec<_>>(),
        "notice": detail.notice, "services": detail.notice_services,
    })
}

fn window(text: &str) -> Result<Window, String> {
    let (from, until) = text.split_once("..").ok_or("two moments have `..` between them")?;
    let moment = |text: &str| {
        text.parse::<Timestamp>().map_err(|_| {
            format!("`{text}` is no moment with its offset, such as 2026-11-24T22:00+01:00")
        })
    };
    let (from, until) = (moment(from)?, moment(until)?);
    if from < until {
        Ok(Window { from, until })
    } else {
        Err("it ends before it begins".to_owned())
    }
}
