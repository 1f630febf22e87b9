//! Contact policy: how a person wants to be reached.

use org::kinds::{Hours, Person, Weekday};
use playbook::{Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A contact policy: how one person is reached by pages, and when tickets leave them alone.
///
/// A page goes out at once on the first way, and on each further one after its time, until somebody
/// acknowledges. Quiet hours are on the person's own clock and hold back tickets only: a page always
/// comes through.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: ContactPolicy
/// metadata:
///   name: ana
/// spec:
///   person: ana
///   pages: [{ by: push }, { by: email, after: 2m }]
///   tickets: [email]
///   quiet: { from: "18:00", to: "09:00" }
///   quiet_days: [sat, sun]
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPolicy {
    /// Whose.
    pub person: Ref<Person>,
    /// The ways of a page, in order.
    pub pages: Spanned<Vec<Way>>,
    /// The ways of a ticket.
    #[serde(default)]
    pub tickets: Vec<Channel>,
    /// When tickets wait, on the person's own clock.
    pub quiet: Option<Hours>,
    /// Days on which tickets wait all day.
    #[serde(default)]
    pub quiet_days: Vec<Weekday>,
}

/// One way to reach somebody, and when.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Over which channel.
    pub by: Channel,
    /// How long after the page; at once, when left out.
    pub after: Option<Period>,
}

/// A channel that messages go out on.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// Mail.
    Email,
    /// The installed pages, by Web Push.
    Push,
    /// A chat with incoming webhooks.
    Chat,
    /// Matrix.
    Matrix,
    /// An ntfy topic.
    Ntfy,
    /// PagerDuty's events.
    Pagerduty,
    /// A webhook.
    Webhook,
}

playbook::kind!(ContactPolicy, "contact-policy");
