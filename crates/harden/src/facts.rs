//! What a host said about itself.

use std::time::Duration;

use crate::control::Nonce;
use crate::frame::{self, Raw, Raws, ReadError, Topic};
use crate::text::{shown, shown_bytes};

/// Something about a host, as far as it could be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact<T> {
    /// It is so.
    Is(T),
    /// There is no such thing there.
    Absent,
    /// It could not be seen.
    Unknown {
        /// Why not.
        why: String,
    },
}

impl<T> Fact<T> {
    /// The value, where there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::Unknown { .. } => None,
        }
    }

    pub(crate) fn unknown(why: impl Into<String>) -> Self {
        Self::Unknown { why: why.into() }
    }

    /// Reads the value as something else.
    fn and_then<U>(self, read: impl FnOnce(T) -> Fact<U>) -> Fact<U> {
        match self {
            Self::Is(value) => read(value),
            Self::Absent => Fact::Absent,
            Self::Unknown { why } => Fact::Unknown { why },
        }
    }
}

/// All that a host said in one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    raws: Raws,
}

/// What a host is, for people: texts are foreign, cut, and fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// The name that it gives itself.
    pub name: Fact<String>,
    /// Its operating system, as its own `os-release` calls it.
    pub system: Fact<String>,
    /// The release of the running kernel.
    pub kernel: Fact<String>,
    /// Since when it runs.
    pub uptime: Fact<Duration>,
    /// Whether something installed waits for a restart.
    pub reboot_required: Fact<bool>,
    /// Whether the questions were asked as root.
    pub asked_as_root: Fact<bool>,
}

impl Facts {
    /// Reads what the script printed.
    ///
    /// # Errors
    /// Where it is not the whole answer to this question.
    pub fn read(output: &[u8], nonce: &Nonce) -> Result<Self, ReadError> {
        frame::read(output, nonce).map(|raws| Self { raws })
    }

    /// What the host is.
    #[must_use]
    pub fn host(&self) -> Host {
        let shown_text = |topic| self.text(topic, "").and_then(|text| Fact::Is(shown(&text)));
        Host {
            name: shown_text(Topic::Name),
            system: self.text(Topic::OsRelease, "").and_then(|text| system(&text)),
            kernel: shown_text(Topic::KernelRelease),
            uptime: self.text(Topic::Uptime, "").and_then(|text| uptime(&text)),
            reboot_required: self.text(Topic::RebootRequired, "").and_then(|text| match &*text {
                "yes" => Fact::Is(true),
                "no" => Fact::Is(false),
                other => Fact::unknown(format!("the host says `{}`", shown(other))),
            }),
            asked_as_root: self.text(Topic::User, "").and_then(|user| Fact::Is(user == "0")),
        }
    }

    /// One fact as text; bytes that are none are replaced.
    pub(crate) fn text(&self, topic: Topic, name: &str) -> Fact<String> {
        match self.raws.get(&(topic, name.to_owned())) {
            Some(Raw::Is(value)) => Fact::Is(String::from_utf8_lossy(value).into_owned()),
            Some(Raw::Absent) => Fact::Absent,
            Some(Raw::Unknown(why)) if why.is_empty() => Fact::unknown("the host does not say why"),
            Some(Raw::Unknown(why)) => Fact::unknown(shown_bytes(why)),
            None => Fact::unknown("the host said nothing about it"),
        }
    }

    /// The names of the facts of one topic.
    pub(crate) fn names(&self, topic: Topic) -> impl Iterator<Item = &str> {
        self.raws.keys().filter(move |(of, _)| *of == topic).map(|(_, name)| name.as_str())
    }
}

/// The name of an operating system (os-release(5)): `PRETTY_NAME`, whose default is `Linux`.
fn system(text: &str) -> Fact<String> {
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = name.map(|name| name.trim().trim_matches(['"', '\'']));
    Fact::Is(shown(name.unwrap_or("Linux")))
}

/// The first number of `/proc/uptime` (proc(5)): seconds, with two decimals.
fn uptime(text: &str) -> Fact<Duration> {
    let seconds = text.split(['.', ' ']).next().and_then(|seconds| seconds.parse().ok());
    seconds.map_or_else(
        || Fact::unknown(format!("the host says `{}`", shown(text))),
        |seconds| Fact::Is(Duration::from_secs(seconds)),
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::text::hex;

    /// Facts of which only these are known.
    pub(crate) fn facts(known: &[(&str, &str, &str)]) -> Facts {
        let nonce = Nonce::new([1; 16]);
        let mark = nonce.as_str();
        let digits =
            |text: &str| if text.is_empty() { "-".to_owned() } else { hex(text.as_bytes()) };
        let line = |(topic, name, value): &(&str, &str, &str)| {
            let (state, value) = match value.split_once('?') {
                Some(("", "absent")) => ("none", "-".to_owned()),
                Some(("", why)) => ("unknown", digits(why)),
                _ => ("is", digits(value)),
            };
            format!("{topic} {} {state} {value}\n", digits(name))
        };
        let lines: String = known.iter().map(line).collect();
        let count = known.len();
        let output =
            format!("council-harden 1 {mark} begin\n{lines}council-harden 1 {mark} end {count}\n");
        Facts::read(output.as_bytes(), &nonce).expect("an answer")
    }

    #[test]
    fn a_host_is_described_in_words_that_cannot_act() {
        let host = facts(&[
            ("name", "", "a\x1b[2Jb"),
            ("os_release", "", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"),
            ("kernel_release", "", "?no uname"),
            ("uptime", "", "93784.12 1.00"),
            ("reboot_required", "", "maybe"),
            ("user", "", "1000"),
        ])
        .host();
        assert_eq!(host.name, Fact::Is("a\\u{1b}[2Jb".to_owned()));
        assert_eq!(host.system, Fact::Is("Debian GNU/Linux 12 (bookworm)".to_owned()));
        assert_eq!(host.kernel, Fact::unknown("no uname"));
        assert_eq!(host.uptime, Fact::Is(Duration::from_secs(93_784)));
        assert_eq!(host.reboot_required, Fact::unknown("the host says `maybe`"));
        assert_eq!(host.asked_as_root, Fact::Is(false));
        let silent = facts(&[]).host();
        assert_eq!(silent.name, Fact::unknown("the host said nothing about it"));
    }
}
