//! Notice duty: a law that wants to be told about an incident, and by when.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A notice duty: an authority or people who must be told about an incident, by when, by which law.
///
/// At triage, its questions are asked; when all of them are answered with yes, the duty is on and
/// its time runs. A draft of the notice is made from the record, and a person always sends it.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: NoticeDuty
/// metadata:
///   name: gdpr-authority
///   title: Personal data breach, to the authority
/// spec:
///   law: Regulation (EU) 2016/679 (GDPR), article 33
///   source: https://eur-lex.europa.eu/eli/reg/2016/679/oj
///   to: The data protection authority
///   within: { hours: 72 }
///   since: aware
///   questions:
///     - Was personal data lost, changed, or seen by somebody who must not see it?
///     - Is a risk to the people whose data it is likely?
///   says: [What happened, Which people and how many, Likely consequences, What we do about it]
///   owner: network-security
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeDuty {
    /// The law and its article.
    pub law: String,
    /// Where it can be read.
    pub source: String,
    /// Who must be told.
    pub to: String,
    /// By when.
    pub within: Limit,
    /// From when the time runs.
    pub since: Since,
    /// What is asked at triage; the duty is on when all answers are yes.
    #[serde(default)]
    pub questions: Vec<String>,
    /// What the notice must say.
    #[serde(default)]
    pub says: Vec<String>,
    /// The seat that sees to it.
    pub owner: Option<Ref<Seat>>,
}

/// How long there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// So many hours, holidays and weekends included (Regulation 1182/71, article 3).
    Hours(u32),
    /// Until the same time of the same day so many months later, or the month's last day.
    Months(u32),
}

/// From when the time runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Since {
    /// When we became aware of the incident.
    Aware,
    /// When another notice was sent; until then, when that one is due.
    Notice(Ref<NoticeDuty>),
}

playbook::kind!(NoticeDuty, "notice-duty");
