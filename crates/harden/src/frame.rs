//! The frame of an answer: a mark, facts by line, and a mark that counts them.
//!
//! ```text
//! council-harden 1 NONCE begin
//! TOPIC NAME is|none|unknown VALUE
//! council-harden 1 NONCE end COUNT
//! ```
//!
//! Name and value are hexadecimal digits, or `-` for nothing. What a host prints before and after the marks is passed over: greetings,
//! profiles. Between them every line must be a fact, or the whole answer is refused: half an answer would look like a better host.

use std::collections::BTreeMap;

use crate::control::Nonce;
use crate::text::{shown_bytes, unhex};

/// The version of the frame and of the topics in it.
const VERSION: &str = "1";

/// The first word of a mark.
const MARK: &str = "council-harden";

/// Why an answer cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It has no mark of ours: something else ran there.
    #[error("the answer is not the script's: {}", said(said_text))]
    Foreign {
        /// What came first.
        said_text: String,
    },
    /// It answers another question, or an older one.
    #[error("the answer bears the mark of another question")]
    OtherNonce,
    /// It is in a version that is not known here.
    #[error("the answer is in version `{version}`, and version {VERSION} is understood")]
    OtherVersion {
        /// The version that it names.
        version: String,
    },
    /// It breaks off.
    #[error("the answer breaks off after {facts} facts")]
    Truncated {
        /// So many came.
        facts: usize,
    },
    /// Facts were lost on the way, or came from elsewhere.
    #[error("the answer should have {counted} facts and has {facts}")]
    Miscounted {
        /// So many the closing mark names.
        counted: String,
        /// So many came.
        facts: usize,
    },
    /// A line between the marks is no fact.
    #[error("line {line} of the answer is no fact: `{text}`")]
    Line {
        /// The line, counted from the mark.
        line: usize,
        /// What it says.
        text: String,
    },
    /// A fact came twice.
    #[error("line {line} of the answer repeats a fact")]
    Repeated {
        /// The line, counted from the mark.
        line: usize,
    },
    /// The host has no program that prints bytes as digits.
    #[error("the host has neither `od` nor `hexdump`, and could say nothing; install one of them")]
    NoEncoder,
}

fn said(text: &str) -> String {
    if text.is_empty() { "it is empty".to_owned() } else { format!("it begins `{text}`") }
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    Encoder,
    User,
    Name,
    KernelRelease,
    OsRelease,
    Uptime,
    RebootRequired,
    Kernel,
    Sshd,
    SshdConditions,
    SshdFile,
    Manager,
    Packages,
    Apt,
    DnfAutomatic,
    Systemd,
    Unit,
}

/// Topics by the words of the script.
const TOPICS: [(&str, Topic); 17] = [
    ("encoder", Topic::Encoder),
    ("user", Topic::User),
    ("name", Topic::Name),
    ("kernel_release", Topic::KernelRelease),
    ("os_release", Topic::OsRelease),
    ("uptime", Topic::Uptime),
    ("reboot_required", Topic::RebootRequired),
    ("kernel", Topic::Kernel),
    ("sshd", Topic::Sshd),
    ("sshd_conditions", Topic::SshdConditions),
    ("sshd_file", Topic::SshdFile),
    ("manager", Topic::Manager),
    ("packages", Topic::Packages),
    ("apt", Topic::Apt),
    ("dnf_automatic", Topic::DnfAutomatic),
    ("systemd", Topic::Systemd),
    ("unit", Topic::Unit),
];

/// A fact as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Raw {
    Is(Vec<u8>),
    Absent,
    Unknown(Vec<u8>),
}

/// All facts of an answer by topic and name.
pub(crate) type Raws = BTreeMap<(Topic, String), Raw>;

/// Reads an answer.
pub(crate) fn read(output: &[u8], nonce: &Nonce) -> Result<Raws, ReadError> {
    let begin = format!("{MARK} {VERSION} {} begin", nonce.as_str());
    let end = format!("{MARK} {VERSION} {} end ", nonce.as_str());
    // The last piece is a line only if an end of line follows it; otherwise it is where the answer broke off.
    let mut pieces: Vec<&[u8]> = output.split(|byte| *byte == b'\n').collect();
    pieces.pop();
    let mut lines = pieces.into_iter();
    if !lines.any(|line| line == begin.as_bytes()) {
        return Err(without_begin(output, nonce));
    }
    let mut facts = Raws::new();
    for (number, line) in (1..).zip(lines) {
        if let Some(counted) = line.strip_prefix(end.as_bytes()) {
            return whole(facts, counted);
        }
        let (key, raw) =
            fact(line).ok_or_else(|| ReadError::Line { line: number, text: shown_bytes(line) })?;
        if facts.insert(key, raw).is_some() {
            return Err(ReadError::Repeated { line: number });
        }
    }
    Err(ReadError::Truncated { facts: facts.len() })
}

/// Judges an answer with both marks.
fn whole(facts: Raws, counted: &[u8]) -> Result<Raws, ReadError> {
    if counted != facts.len().to_string().as_bytes() {
        return Err(ReadError::Miscounted { counted: shown_bytes(counted), facts: facts.len() });
    }
    if facts.keys().any(|(topic, _)| *topic == Topic::Encoder) {
        return Err(ReadError::NoEncoder);
    }
    Ok(facts)
}

/// Why there is no mark of ours.
fn without_begin(output: &[u8], nonce: &Nonce) -> ReadError {
    for line in output.split(|byte| *byte == b'\n') {
        let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
        let [mark, version, answered, b"begin"] = words.as_slice() else { continue };
        if *mark != MARK.as_bytes() {
            continue;
        }
        if *answered != nonce.as_str().as_bytes() {
            return ReadError::OtherNonce;
        }
        if *version != VERSION.as_bytes() {
            return ReadError::OtherVersion { version: shown_bytes(version) };
        }
        return ReadError::Truncated { facts: 0 };
    }
    ReadError::Foreign { said_text: shown_bytes(output) }
}

/// One line as a fact.
fn fact(line: &[u8]) -> Option<((Topic, String), Raw)> {
    let line = str::from_utf8(line).ok()?;
    let words: Vec<&str> = line.split(' ').collect();
    let [topic, name, state, value] = words.as_slice() else { return None };
    let topic = TOPICS.iter().find_map(|(word, known)| (word == topic).then_some(*known))?;
    let name = String::from_utf8(bytes(name)?).ok()?;
    let raw = match *state {
        "is" => Raw::Is(bytes(value)?),
        "none" if *value == "-" => Raw::Absent,
        "unknown" => Raw::Unknown(bytes(value)?),
        _ => return None,
    };
    Some(((topic, name), raw))
}

/// Digits as bytes; `-` is nothing, and nothing is no value.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    match digits {
        "-" => Some(Vec::new()),
        "" => None,
        digits => unhex(digits),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn nonce() -> Nonce {
        Nonce::new([7; 16])
    }

    /// An answer with marks of ours around some lines.
    fn answer(lines: &[&str]) -> String {
        let nonce = nonce();
        let count = lines.len();
        let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let nonce = nonce.as_str();
        format!("council-harden 1 {nonce} begin\n{lines}council-harden 1 {nonce} end {count}\n")
    }

    #[track_caller]
    fn refuses(output: &str, expect: &ReadError) {
        assert_eq!(read(output.as_bytes(), &nonce()).as_ref().err(), Some(expect), "{output}");
    }

    #[test]
    fn facts_are_read_and_what_stands_around_them_is_not() {
        let output = format!(
            "Welcome!\nuser - is 39\n\n{}logout\n",
            answer(&["user - is 30", "kernel 612e62 none -", "sshd - unknown 6e6f", "apt - is -"])
        );
        let facts = read(output.as_bytes(), &nonce()).expect("an answer");
        let expect = [
            ((Topic::User, String::new()), Raw::Is(b"0".to_vec())),
            ((Topic::Kernel, "a.b".to_owned()), Raw::Absent),
            ((Topic::Sshd, String::new()), Raw::Unknown(b"no".to_vec())),
            ((Topic::Apt, String::new()), Raw::Is(Vec::new())),
        ];
        assert_eq!(facts, expect.into());
    }

    #[test]
    fn what_is_not_the_answer_is_refused() {
        refuses("", &ReadError::Foreign { said_text: String::new() });
        refuses("\x1b[2Jhello\n", &ReadError::Foreign { said_text: "\\u{1b}[2Jhello".to_owned() });
        let other = answer(&[]).replace(nonce().as_str(), Nonce::new([8; 16]).as_str());
        refuses(&other, &ReadError::OtherNonce);
        let newer = answer(&[]).replace("harden 1 ", "harden 2 ");
        refuses(&newer, &ReadError::OtherVersion { version: "2".to_owned() });
        refuses(&answer(&["encoder - none -"]), &ReadError::NoEncoder);
    }

    #[test]
    fn a_line_that_is_no_fact_spoils_the_answer() {
        let lines = [
            "",
            "user",
            "user - is",
            "user - is 30 ",
            "user  is 30",
            "weather - is 30",
            "user - was 30",
            "user - is 3",
            "user - is zz",
            "user - is ",
            "user - none 30",
            "user ff is 30",
            "USER - is 30",
            "user - is 3A",
            "user\t- is 30",
        ];
        for line in lines {
            let text = line.trim().replace('\t', " ");
            refuses(&answer(&[line]), &ReadError::Line { line: 1, text });
        }
        refuses(&answer(&["user - is 30", "user - is 31"]), &ReadError::Repeated { line: 2 });
        let inner = format!("council-harden 1 {} begin", nonce().as_str());
        refuses(&answer(&[&inner]), &ReadError::Line { line: 1, text: inner.clone() });
    }

    #[test]
    fn an_answer_is_whole_or_it_is_none() {
        let output = answer(&["user - is 30", "name - is 61"]);
        for end in 0..output.len() {
            let read = read(&output.as_bytes()[..end], &nonce());
            assert!(read.is_err(), "{end} bytes of the answer pass for all of it");
        }
        let dropped = output.replace("name - is 61\n", "");
        refuses(&dropped, &ReadError::Miscounted { counted: "2".to_owned(), facts: 1 });
        refuses(
            &output.replace("end 2", "end 02"),
            &ReadError::Miscounted { counted: "02".to_owned(), facts: 2 },
        );
        let broken = output.replace("name - is 61\n", "").split("end").next().map(str::to_owned);
        refuses(&broken.expect("text"), &ReadError::Truncated { facts: 1 });
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(noise: Vec<u8>, inside: Vec<u8>) {
            let mut output = noise.clone();
            output.extend_from_slice(format!("\ncouncil-harden 1 {} begin\n", nonce().as_str()).as_bytes());
            output.extend_from_slice(&inside);
            prop_assert!(read(&noise, &nonce()).is_err());
            prop_assert!(read(&output, &nonce()).is_err());
        }
    }
}
