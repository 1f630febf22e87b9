//! What the scanner says about something that looks like a secret.

use diag::Span;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Something that looks like a secret in plain text. Holds no part of the text itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Leak {
    /// The file.
    pub path: String,
    /// The line in it, counted from 1.
    pub line: usize,
    /// The rule that found it, such as `private-key`.
    pub rule: &'static str,
    /// What it seems to be, in words.
    pub title: &'static str,
    /// How many characters it has.
    pub length: usize,
    /// Tells two findings apart, and the same one again after it was moved.
    pub fingerprint: String,
    /// Its bytes in the file; none when only a diff was looked at.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// Makes the fingerprint of what a rule found: eight hexadecimal digits of SHA-256. As many as are needed to
/// tell the findings of one repository apart, and too few to confirm a guess: of 2^32 guesses one fits by chance.
pub(super) fn fingerprint(rule: &str, text: &str) -> String {
    let digest = Sha256::new().chain_update(rule).chain_update([0]).chain_update(text).finalize();
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
