//! A name for a finding that survives edits elsewhere in its file, so that a review tool can tell
//! old findings from new ones.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::Diagnostic;

/// Makes fingerprints; equal findings in one file are told apart by their order.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: BTreeMap<String, u32>,
}

impl Fingerprints {
    /// The first 32 hexadecimal digits of SHA-256 over code, file, subject, message and the number
    /// of equal findings before it. Lines are left out on purpose: they move.
    pub(super) fn of(&mut self, diagnostic: &Diagnostic) -> String {
        let subject = diagnostic.subject.as_deref().unwrap_or_default();
        let parts = [diagnostic.code.0, &diagnostic.place.file, subject, &diagnostic.message];
        let content = parts.join("\0");
        let earlier = self.seen.entry(content.clone()).or_default();
        let digest = Sha256::digest(format!("{content}\0{earlier}"));
        *earlier += 1;
        digest.iter().take(16).fold(String::new(), |mut text, byte| {
            let written = write!(text, "{byte:02x}");
            debug_assert!(written.is_ok(), "BUG: writing to a string cannot fail");
            text
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::Span;

    #[test]
    fn moving_a_finding_keeps_its_fingerprint() {
        let mut finding = sample::diagnostics().remove(0);
        let before = Fingerprints::default().of(&finding);
        finding.place.span = Span::new(500, 501);
        assert_eq!(Fingerprints::default().of(&finding), before);
        finding.message.push('!');
        assert_ne!(Fingerprints::default().of(&finding), before);
    }

    #[test]
    fn equal_findings_get_different_fingerprints() {
        let (mut prints, finding) = (Fingerprints::default(), sample::diagnostics().remove(0));
        assert_ne!(prints.of(&finding), prints.of(&finding));
    }
}
