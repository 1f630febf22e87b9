//! OpenID Connect, as the side that relies on it: people who sign in, and jobs that prove whose they are.
//!
//! A [`Provider`] is known by its issuer alone; where it answers and with which keys it signs is discovered there and kept
//! for a while. People come by the authorization code flow with PKCE (S256), a state and a nonce: [`Provider::begin`]
//! makes an [`Attempt`] and the address to send the browser to, [`Provider::finish`] turns the code that comes back into
//! [`Claims`]. Jobs present a token that their system signed: [`Provider::vouches`].
//!
//! Invariants: nothing is believed but what a key of the issuer signed, for this audience, within its time, by an
//! asymmetric algorithm; an unknown key is looked for once, and not again for a while, so that made-up tokens do not
//! make us knock at the provider's door; an answer has a size and a time limit and leads nowhere else.
//!
//! Verification is `openidconnect`'s, in a crate of its own, because it brings a tree of cryptography that nothing
//! else needs. Absent on purpose: who a person is (the playbook says that), sessions, cookies, the clock.

#![warn(missing_docs)]

mod claims;
mod http;
mod provider;
mod sign_in;
mod trouble;
mod vouch;

pub use claims::Claims;
pub use provider::Provider;
pub use sign_in::{Attempt, Begun, Client, Returned};
pub use trouble::Trouble;
pub use vouch::claimed_issuer;

#[cfg(test)]
mod tests {
    use super::*;

    /// Servers do their work on many threads.
    #[expect(dead_code, reason = "that it compiles is the test")]
    fn everything_may_move_between_threads(
        provider: &Provider,
        client: &Client,
        attempt: &Attempt,
        returned: &Returned,
    ) {
        fn may_move(_: impl Send) {}
        let now = jiff::Timestamp::UNIX_EPOCH;
        may_move(provider.begin(client, false, now));
        may_move(provider.finish(client, attempt, returned, now));
        may_move(provider.vouches("", "", now));
    }
}
