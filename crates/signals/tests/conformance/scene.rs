//! What the suite writes into a store before it asks: lines and spans of a service that exists for one run only.

use jiff::{SignedDuration, Timestamp};

/// A secret that a service wrote by mistake.
pub(crate) const SECRET: &str = "canary-7f3a";

/// Takes the secret out.
pub(crate) fn redact(text: &str) -> String {
    text.replace(SECRET, "***")
}

/// A line to be written.
pub(crate) struct Written {
    pub(crate) at: Timestamp,
    pub(crate) service: String,
    pub(crate) level: &'static str,
    /// Syslog's number of the level.
    pub(crate) number: u8,
    pub(crate) text: String,
}

/// A span to be written.
pub(crate) struct Spanned {
    pub(crate) trace: String,
    pub(crate) id: &'static str,
    pub(crate) parent: Option<&'static str>,
    pub(crate) service: String,
    pub(crate) name: &'static str,
    pub(crate) start: Timestamp,
    pub(crate) milliseconds: i64,
    pub(crate) failed: bool,
}

/// One run: a service nobody else has, and a moment shortly ago, in whole seconds.
pub(crate) struct Scene {
    pub(crate) service: String,
    pub(crate) start: Timestamp,
    unique: i128,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let now = Timestamp::now();
        let start = Timestamp::from_second(now.as_second() - 60).expect("a moment");
        let unique = now.as_nanosecond();
        Self { service: format!("checkout-{unique:x}"), start, unique }
    }

    /// So many milliseconds after the start.
    pub(crate) fn at(&self, milliseconds: i64) -> Timestamp {
        self.start + SignedDuration::from_millis(milliseconds)
    }

    /// Five lines of the service, out of order, and one of another.
    pub(crate) fn lines(&self) -> Vec<Written> {
        let line = |at: i64, service: &str, level: &'static str, number: u8, text: &str| Written {
            at: self.at(at),
            service: service.to_owned(),
            level,
            number,
            text: text.to_owned(),
        };
        let other = format!("{}-other", self.service);
        vec![
            line(2_000, &self.service, "error", 3, &format!("payment failed: token={SECRET}")),
            line(0, &self.service, "info", 6, r#"started from "C:\dir" at 100%"#),
            line(1_000, &self.service, "warn", 4, "slow \u{1b}[31mred\u{1b}[0m disk"),
            line(1_500, &other, "error", 3, "payment failed elsewhere"),
            line(3_000, &self.service, "info", 6, "payment works again"),
        ]
    }

    /// Three traces: a slow one of two services, a fast one that fails, and one of another service.
    pub(crate) fn spans(&self) -> Vec<Spanned> {
        let database = format!("{}-database", self.service);
        let span =
            |trace: u8, id: &'static str, service: &str, name, start: i64, milliseconds| Spanned {
                trace: self.trace(trace),
                id,
                parent: None,
                service: service.to_owned(),
                name,
                start: self.at(start),
                milliseconds,
                failed: false,
            };
        let slow = span(1, "00f067aa0ba902b7", &self.service, "GET /checkout", 0, 800);
        let query = span(1, "10f067aa0ba902b7", &database, "SELECT", 100, 300);
        let fast = span(2, "20f067aa0ba902b7", &self.service, "GET /cart", 2_000, 20);
        let other =
            span(3, "30f067aa0ba902b7", &format!("{}-other", self.service), "GET /", 500, 900);
        vec![
            Spanned { failed: true, ..fast },
            Spanned { parent: Some(slow.id), ..query },
            slow,
            other,
        ]
    }

    /// The number of a trace; it begins with a zero, which stores like to drop.
    pub(crate) fn trace(&self, which: u8) -> String {
        format!("0{:029x}{which:02x}", self.unique & 0xffff_ffff_ffff_ffff)
    }
}
