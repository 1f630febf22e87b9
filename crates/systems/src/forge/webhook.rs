//! What forges send by themselves: whose it is, whether it is new, and what it says.
//!
//! [`receive`] verifies the signature over the raw body in constant time, refuses a delivery that was seen before or
//! that speaks of something long ago, and reads the few events that matter. Pure: headers, body, secret and time are
//! arguments; [`Seen`] is the memory, which the caller keeps.
//!
//! A webhook is only ever a hint to look: what it says is read back from the forge or the repository before anything
//! follows from it.

mod event;
mod seen;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

pub use event::{Event, Push, Reviewed};
pub use seen::{MOST_SEEN, REMEMBERED, Seen};

/// How far the clocks of forge and council may be apart, for signatures over a time (the convention's own figure).
const TOLERANCE_SECONDS: i64 = 5 * 60;

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sender {
    /// GitHub.
    GitHub,
    /// GitLab.
    GitLab,
    /// Gitea.
    Gitea,
    /// Forgejo.
    Forgejo,
}

/// A delivery that was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The sender's own id of it.
    pub id: String,
    /// What it says.
    pub event: Event,
}

/// Why a delivery is refused, in words for whoever set the webhook up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// No header that could prove whose it is.
    #[error("it carries no signature; set the webhook's secret on the forge")]
    Unsigned,
    /// The proof is wrong.
    #[error(
        "its signature is wrong; the forge and council have different secrets, or somebody forged it"
    )]
    Forged,
    /// No id or event name.
    #[error("it lacks the header `{0}`")]
    Incomplete(&'static str),
    /// The same delivery again.
    #[error("the delivery `{0}` was received before")]
    Replayed(String),
    /// It speaks of a time that is too far away.
    #[error("it is of {0}, which is too far from now")]
    Stale(Timestamp),
    /// It cannot be read.
    #[error("its body is not understood: {0}")]
    Garbage(String),
}

/// Looks a header up by its name in lower case.
pub type Headers<'h> = dyn Fn(&str) -> Option<String> + 'h;

/// Verifies and reads a delivery, and remembers it.
///
/// # Errors
/// A [`Rejection`]; then nothing is remembered, so that a delivery that was refused may be sent again.
pub fn receive(
    sender: Sender,
    headers: &Headers<'_>,
    body: &[u8],
    secret: &SecretString,
    seen: &mut Seen,
) -> Result<Delivery, Rejection> {
    let now = seen.now();
    verify(sender, headers, body, secret.expose_secret(), now)?;
    let id = header(headers, sender.id_headers())?;
    if seen.contains(&id) {
        return Err(Rejection::Replayed(id));
    }
    let name = header(headers, sender.event_headers())?;
    let (event, at) = event::read(sender, &name, body).map_err(Rejection::Garbage)?;
    // What is older than the memory could be a replay that was forgotten.
    if let Some(at) = at.filter(|at| now.duration_since(*at) > REMEMBERED) {
        return Err(Rejection::Stale(at));
    }
    seen.remember(id.clone());
    Ok(Delivery { id, event })
}

impl Sender {
    /// The sender by the name of its system.
    pub fn of(system: &str) -> Option<Self> {
        match system {
            "github" => Some(Self::GitHub),
            "gitlab" => Some(Self::GitLab),
            "gitea" => Some(Self::Gitea),
            "forgejo" => Some(Self::Forgejo),
            _ => None,
        }
    }

    /// The name of its system, as in people's handles.
    pub fn system(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Gitea => "gitea",
            Self::Forgejo => "forgejo",
        }
    }

    fn id_headers(self) -> &'static [&'static str] {
        match self {
            Self::GitHub => &["x-github-delivery"],
            Self::GitLab => &["webhook-id", "idempotency-key", "x-gitlab-event-uuid"],
            Self::Gitea => &["x-gitea-delivery"],
            Self::Forgejo => &["x-forgejo-delivery", "x-gitea-delivery"],
        }
    }

    fn event_headers(self) -> &'static [&'static str] {
        match self {
            Self::GitHub => &["x-github-event"],
            Self::GitLab => &["x-gitlab-event"],
            Self::Gitea => &["x-gitea-event"],
            Self::Forgejo => &["x-forgejo-event", "x-gitea-event"],
        }
    }
}

fn header(headers: &Headers<'_>, names: &'static [&'static str]) -> Result<String, Rejection> {
    let found = names.iter().find_map(|name| headers(name)).filter(|value| !value.is_empty());
    found.ok_or(Rejection::Incomplete(names.first().copied().unwrap_or_default()))
}

fn verify(
    sender: Sender,
    headers: &Headers<'_>,
    body: &[u8],
    secret: &str,
    now: Timestamp,
) -> Result<(), Rejection> {
    // An empty secret would make everybody's signature right.
    if secret.is_empty() {
        return Err(Rejection::Forged);
    }
    let hexadecimal = |name: &str| headers(name).map(|text| unhex(&text));
    let proof = match sender {
        Sender::GitHub => {
            headers("x-hub-signature-256").map(|text| text.strip_prefix("sha256=").and_then(unhex))
        }
        Sender::Gitea => hexadecimal("x-gitea-signature"),
        Sender::Forgejo => {
            hexadecimal("x-forgejo-signature").or_else(|| hexadecimal("x-gitea-signature"))
        }
        Sender::GitLab => return verify_gitlab(headers, body, secret, now),
    };
    match proof {
        None => Err(Rejection::Unsigned),
        Some(Some(proof)) if matches(secret.as_bytes(), &[body], &proof) => Ok(()),
        Some(_) => Err(Rejection::Forged),
    }
}

/// GitLab signs by the Standard Webhooks convention where a signing token is set, and else sends the secret itself.
fn verify_gitlab(
    headers: &Headers<'_>,
    body: &[u8],
    secret: &str,
    now: Timestamp,
) -> Result<(), Rejection> {
    let Some(signatures) = headers("webhook-signature") else {
        let token = headers("x-gitlab-token").ok_or(Rejection::Unsigned)?;
        return if same(&token, secret) { Ok(()) } else { Err(Rejection::Forged) };
    };
    let id = header(headers, &["webhook-id"])?;
    let stamp = header(headers, &["webhook-timestamp"])?;
    let key = match secret.strip_prefix("whsec_") {
        Some(encoded) => STANDARD.decode(encoded).map_err(|_| Rejection::Forged)?,
        None => secret.as_bytes().to_vec(),
    };
    let parts = [id.as_bytes(), b".", stamp.as_bytes(), b".", body];
    // Several signatures stand side by side while a secret is replaced.
    let proofs =
        signatures.split(' ').filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok());
    let is_right = proofs.fold(false, |found, proof| found | matches(&key, &parts, &proof));
    if !is_right {
        return Err(Rejection::Forged);
    }
    // Only a time that was signed says anything.
    let at = stamp.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let at = at.ok_or(Rejection::Incomplete("webhook-timestamp"))?;
    let apart = now.as_second().abs_diff(at.as_second());
    if apart > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(Rejection::Stale(at));
    }
    Ok(())
}

/// Compares a keyed digest in constant time.
fn matches(key: &[u8], parts: &[&[u8]], proof: &[u8]) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)
        .expect("BUG: this construction takes keys of any length");
    parts.iter().for_each(|part| mac.update(part));
    mac.verify_slice(proof).is_ok()
}

/// Compares two texts in a time that depends on neither: their digests are compared, in constant time.
fn same(one: &str, other: &str) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"council webhook")
        .expect("BUG: this construction takes keys of any length");
    mac.update(one.as_bytes());
    let digest = mac.finalize().into_bytes();
    matches(b"council webhook", &[other.as_bytes()], &digest)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    let digits = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    // `from_str_radix` takes a sign, which no digest has.
    let is_plain = bytes.iter().all(u8::is_ascii_hexdigit) && bytes.len().is_multiple_of(2);
    is_plain.then(|| bytes.chunks(2).map(digits).collect::<Option<Vec<u8>>>()).flatten()
}
