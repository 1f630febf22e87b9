//! Reads the token that names what a reference accepts.
//!
//! Tokens are constants, a few dozen in the whole binary, so that what they mean is worked out once
//! and found again by the token's address.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::reference;

/// What the token of a field means.
struct Accepted {
    slugs: &'static [&'static str],
    shared: Vec<Arc<str>>,
}

/// The kind of a reference: what may stand there and what was written or implied.
pub(super) struct Slug {
    pub(super) accepts: &'static [&'static str],
    pub(super) written: Option<Arc<str>>,
}

/// Reads a reference in a field with this token.
pub(super) fn read(token: &'static str, text: &str) -> (Slug, Arc<str>) {
    let accepted = accepted(token);
    let (slug, name) = reference::split(text);
    let written = match (slug, accepted.shared.as_slice()) {
        (Some(slug), known) => {
            let known = known.iter().find(|one| one.as_ref() == slug);
            Some(known.cloned().unwrap_or_else(|| Arc::from(slug)))
        }
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    };
    (Slug { accepts: accepted.slugs, written }, Arc::from(name))
}

thread_local! {
    /// What this thread has met, by the token's address and length.
    static MET: RefCell<Vec<(usize, usize, &'static Accepted)>> = const { RefCell::new(Vec::new()) };
}

/// Leaked once per distinct token, so that uses can borrow it for ever.
static KNOWN: Mutex<BTreeMap<&'static str, &'static Accepted>> = Mutex::new(BTreeMap::new());

fn accepted(token: &'static str) -> &'static Accepted {
    let key = (token.as_ptr().addr(), token.len());
    let met = |met: &RefCell<Vec<(usize, usize, &'static Accepted)>>| {
        met.borrow().iter().find(|one| (one.0, one.1) == key).map(|one| one.2)
    };
    if let Some(accepted) = MET.with(met) {
        return accepted;
    }
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let accepted = *known.entry(token).or_insert_with(|| {
        let slugs = token.strip_prefix("$council/reference/").unwrap_or(token);
        let slugs: &'static [&'static str] = Vec::leak(slugs.split('|').collect());
        let shared = slugs.iter().map(|slug| Arc::from(*slug)).collect();
        Box::leak(Box::new(Accepted { slugs, shared }))
    });
    MET.with(|met| met.borrow_mut().push((key.0, key.1, accepted)));
    accepted
}
