//! A small vocabulary for tests and for the pages' examples.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{DocumentKind, OneOf, Period, Ref, Spanned, Vocabulary, family, kind};

/// A person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    /// Where mail reaches them.
    pub(super) email: String,
    /// Since when they are with us.
    #[expect(dead_code, reason = "only its reading is tested")]
    joined: Option<Date>,
}

/// A team.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Team {
    /// Where it is reached.
    channel: Option<Spanned<String>>,
    alerts: Option<String>,
    profile: Option<Profile>,
    lead: Option<Ref<Person>>,
    members: Vec<Ref<Person>>,
    answers_within: Option<Period>,
    limits: BTreeMap<String, u8>,
    quorum: Option<Quorum>,
    remote: Option<bool>,
    posts: Vec<Post>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Profile {
    /// Builds services.
    Backend,
    /// Builds pipelines.
    Data,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Quorum {
    All,
    AtLeast(#[expect(dead_code, reason = "only its reading is tested")] u8),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its reading is tested")]
struct Post {
    title: String,
    from: Date,
}

family!(
    /// What can own.
    Owner = "team" | "person"
);

/// A service.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    /// Who owns it.
    #[expect(dead_code, reason = "only its reading is tested")]
    owner: OneOf<Owner>,
}

/// A decision.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// Where it stands.
    pub(super) status: Option<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "only its reading is tested")]
    supersedes: Vec<Ref<Self>>,
    #[serde(skip)]
    pub(super) title: Option<String>,
    #[serde(skip)]
    pub(super) body: String,
}

impl DocumentKind for Decision {
    fn claims(path: &str, _: &[&str]) -> bool {
        path.starts_with("decisions/")
    }

    fn attach(&mut self, title: Option<&str>, body: &str) {
        self.title = title.map(str::to_owned);
        self.body = body.to_owned();
    }
}

kind!(Person, "person");
kind!(Team, "team");
kind!(Service, "service");
kind!(Decision, "decision");

pub(super) fn vocabulary() -> Vocabulary {
    Vocabulary::new().kind::<Person>().kind::<Team>().kind::<Service>().document::<Decision>()
}
