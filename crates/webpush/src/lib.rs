//! Web Push (RFC 8030): short messages to browsers that said yes, by the push services of their makers.
//!
//! A browser makes a [`Subscription`], which names its push service and the keys of its messages. A [`Sender`] encrypts a
//! [`Push`] for it (RFC 8291), signs with the [`VapidKey`] of this server (RFC 8292), hands it to the service, and says what came
//! of it: [`Delivered`], or a [`Failure`] that says what to do now.
//!
//! Invariants:
//! * A push service learns who is told something, when, and about how much: never what.
//! * Nobody gets in but by `https`; loopback by `http` is for tests, and has to be asked for.
//! * Whoever knows the path of an endpoint, and the keys of a subscription, may push to a browser. No text of this crate, no
//!   `Debug` and no error holds more of it than the endpoint's host.
//! * Secrets are overwritten when they are dropped, and are in no `Debug`.
//! * Words of a push service are foreign: control characters are taken out, what looks like a token is left out, the rest is cut.
//!   No more than 4 KiB of an answer is read.
//! * Redirects are never followed.
//!
//! Absent on purpose: a clock, retries, a place to keep keys and subscriptions in, a list of push services. An endpoint is an
//! address that a stranger chose: whoever does not want to send into a network of their own gives the [`Sender`] a client that
//! does not go there, or looks at [`Subscription::host`] before.
//!
//! # Another implementation
//!
//! `tests/service` sends to an emulator of a push service. The Python packages `http_ece` and `py_vapid` read a message and its
//! signature as well: those of the test command, or of the Python that `COUNCIL_TEST_WEBPUSH_PYTHON` names.

#![warn(missing_docs)]

mod base64url;
mod contact;
mod delivery;
mod encryption;
mod failure;
mod push;
mod subscription;
mod text;
mod vapid;

pub use contact::{Contact, ContactError};
pub use delivery::{Delivered, Sender};
pub use encryption::{EncryptError, MOST_MESSAGE, encrypt};
pub use failure::Failure;
pub use push::{Push, Topic, TopicError, Urgency};
pub use reqwest::Url;
pub use subscription::{Endpoints, Subscription, SubscriptionError, SubscriptionForm};
pub use vapid::{AuthorizationError, KeyError, VapidKey};
