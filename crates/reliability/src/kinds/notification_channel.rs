//! Notification channel: by which server messages leave the house.

use org::kinds::Seat;
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Channel;

/// A notification channel: a server that carries pages and tickets to people.
///
/// Contact policies say by which channel a person wants to be reached; this says where that channel is.
/// Mail goes to the person's `email`; ntfy and Matrix go to the topic or room among their `handles`
/// (`ntfy`, `matrix-room`), or to the common one in `to`; chat, webhook and PagerDuty have one address
/// for everybody. Push goes to the browsers that people have added on their account's page; its `from` is whom
/// the operators of push services may write to, and its `url` names a push service of the house, if there is
/// one. No secret stands here: `secret_from` names the environment variable that holds it.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: NotificationChannel
/// metadata:
///   name: ntfy
/// spec:
///   by: ntfy
///   url: https://ntfy.example.org
///   to: platform-pages
///   secret_from: NTFY_TOKEN
///   owner: observability-incidents
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationChannel {
    /// What carries the messages.
    pub by: Channel,
    /// Where its server is: `smtps://mail.example.org`, `https://ntfy.example.org`. A chat's incoming
    /// webhook is a secret itself: it is left out here and held by `secret_from`.
    pub url: Option<Spanned<String>>,
    /// Where messages go that no person has an own address for: a topic, a room, a channel.
    pub to: Option<String>,
    /// The sender of mail; with `push`, whom the operator of a push service may write to.
    pub from: Option<String>,
    /// Who signs in to the mail server.
    pub user: Option<String>,
    /// The environment variable that holds the password, token, key or address.
    pub secret_from: Option<String>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

playbook::kind!(NotificationChannel, "notification-channel");
