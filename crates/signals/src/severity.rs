//! How bad a line is, in the words of many systems.

/// How bad a line is: the six ranges of OpenTelemetry's log data model (`SeverityNumber`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Fine-grained debugging.
    Trace,
    /// Debugging.
    Debug,
    /// Something happened.
    Info,
    /// Something is not as it should be.
    Warn,
    /// Something failed.
    Error,
    /// The service failed: also syslog's emergency, alert and critical.
    Fatal,
}

/// Each severity with the words that systems write for it, lower case; the first is its own name.
const WORDS: [(Severity, &[&str]); 6] = [
    (Severity::Trace, &["trace", "trc", "finest", "verbose"]),
    (Severity::Debug, &["debug", "dbg", "fine"]),
    (Severity::Info, &["info", "inf", "information", "informational", "notice"]),
    (Severity::Warn, &["warn", "wrn", "warning"]),
    (Severity::Error, &["error", "err", "eror", "severe"]),
    (Severity::Fatal, &["fatal", "critical", "crit", "alert", "emergency", "emerg", "panic"]),
];

impl Severity {
    /// Reads a word as systems write it, in any case; unknown words, such as Loki's `unknown`, are nothing.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        let found = WORDS.iter().find(|(_, words)| words.contains(&word.as_str()));
        found.map(|(severity, _)| *severity)
    }

    /// Reads syslog's number (RFC 5424, section 6.2.1), where 0 is worst and 7 is best.
    #[must_use]
    pub fn from_syslog(level: u64) -> Option<Self> {
        match level {
            0..=2 => Some(Self::Fatal),
            3 => Some(Self::Error),
            4 => Some(Self::Warn),
            5 | 6 => Some(Self::Info),
            7 => Some(Self::Debug),
            _ => None,
        }
    }

    /// The largest number of syslog that is at least as bad.
    pub(crate) fn syslog_ceiling(self) -> u8 {
        match self {
            Self::Trace | Self::Debug => 7,
            Self::Info => 6,
            Self::Warn => 4,
            Self::Error => 3,
            Self::Fatal => 2,
        }
    }

    /// Its name, lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }

    /// All lower-case words for this and everything worse.
    pub(crate) fn words_from(self) -> Vec<&'static str> {
        let worse = WORDS.iter().filter(|(severity, _)| *severity >= self);
        worse.flat_map(|(_, words)| words.iter().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_many_systems_mean_the_same() {
        assert_eq!(Severity::from_word(" WARNING"), Some(Severity::Warn));
        assert_eq!(Severity::from_word("Crit"), Some(Severity::Fatal));
        assert_eq!(Severity::from_word("unknown"), None);
        assert!(WORDS.iter().all(|(severity, words)| words.first() == Some(&severity.as_str())));
    }

    #[test]
    fn a_minimum_and_its_syslog_number_agree() {
        for level in 0..=7 {
            let severity = Severity::from_syslog(level).unwrap();
            for (minimum, _) in WORDS.iter().filter(|(minimum, _)| *minimum > Severity::Trace) {
                let asked_for = level <= u64::from(minimum.syslog_ceiling());
                assert_eq!(asked_for, severity >= *minimum, "{level} {minimum:?}");
            }
        }
    }
}
