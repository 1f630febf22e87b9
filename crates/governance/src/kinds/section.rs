//! Prose of the living document.

use jiff::civil::Date;
use org::kinds::Seat;
use playbook::{DocumentKind, Period, Ref, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A section of prose: a Markdown file whose front matter says to which chapter it belongs.
///
/// What resources say is rendered from the resources; what only prose can say stands in sections.
/// `verified` is the day on which its owner last read it and found it true, and `stale_after` how long
/// that holds: afterwards the section is shown as stale, and comes up on agendas.
///
/// ```yaml
/// section: observability
/// owner: observability
/// verified: 2026-11-02
/// stale_after: 180d
/// order: 10
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The chapter of the living document.
    pub section: Spanned<Chapter>,
    /// Its heading; the first heading of the file when left out.
    #[serde(default)]
    pub title: Option<String>,
    /// The seat that keeps it true.
    #[serde(default)]
    pub owner: Option<Ref<Seat>>,
    /// When it was last read and found true.
    #[serde(default)]
    pub verified: Option<Spanned<Date>>,
    /// For how long that holds.
    #[serde(default)]
    pub stale_after: Option<Spanned<Period>>,
    /// Its place within the chapter.
    #[serde(default)]
    pub order: Option<u32>,
    /// The text after the front matter.
    #[serde(skip)]
    pub body: String,
    /// The first heading of the file.
    #[serde(skip)]
    pub heading: Option<String>,
}

/// A chapter of the living document.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Chapter {
    /// Purpose and north star.
    Purpose,
    /// Council structure, seats and who holds them.
    Seats,
    /// Cadence and rituals.
    OperatingModel,
    /// Decision types and authority.
    DecisionTypes,
    /// Who is responsible, accountable, consulted, informed.
    Raci,
    /// Platform and architecture overview.
    Platform,
    /// Automation and GitOps standards.
    Standards,
    /// Telemetry, objectives, alerting.
    Observability,
    /// Incident response and postmortems.
    Incidents,
    /// Cost and capacity.
    Finops,
    /// User profiles, self-service, onboarding.
    DeveloperExperience,
    /// Roles, hiring, remote norms.
    Talent,
    /// How the playbook changes, and its changelog.
    ChangeManagement,
    /// What is not decided yet.
    OpenQuestions,
}

impl Chapter {
    /// All chapters, in the order of the document.
    pub const ALL: [Self; 14] = [
        Self::Purpose,
        Self::Seats,
        Self::OperatingModel,
        Self::DecisionTypes,
        Self::Raci,
        Self::Platform,
        Self::Standards,
        Self::Observability,
        Self::Incidents,
        Self::Finops,
        Self::DeveloperExperience,
        Self::Talent,
        Self::ChangeManagement,
        Self::OpenQuestions,
    ];

    /// Its heading in the document.
    pub fn title(self) -> &'static str {
        match self {
            Self::Purpose => "Purpose & North Star",
            Self::Seats => "Council Structure & Seats",
            Self::OperatingModel => "Council Operating Model",
            Self::DecisionTypes => "Decision Types & Authority",
            Self::Raci => "RACI",
            Self::Platform => "Platform & Architecture Overview",
            Self::Standards => "Automation & GitOps Standards",
            Self::Observability => "Observability",
            Self::Incidents => "Incident Management",
            Self::Finops => "FinOps & Capacity Planning",
            Self::DeveloperExperience => "Product & Developer Experience",
            Self::Talent => "Talent & Remote Culture",
            Self::ChangeManagement => "Change Management",
            Self::OpenQuestions => "Open Questions",
        }
    }

    /// The word by which front matter names it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Purpose => "purpose",
            Self::Seats => "seats",
            Self::OperatingModel => "operating-model",
            Self::DecisionTypes => "decision-types",
            Self::Raci => "raci",
            Self::Platform => "platform",
            Self::Standards => "standards",
            Self::Observability => "observability",
            Self::Incidents => "incidents",
            Self::Finops => "finops",
            Self::DeveloperExperience => "developer-experience",
            Self::Talent => "talent",
            Self::ChangeManagement => "change-management",
            Self::OpenQuestions => "open-questions",
        }
    }
}

impl Section {
    /// Its heading: its own title, or the file's first heading.
    pub fn headline(&self) -> Option<&str> {
        self.title.as_deref().or(self.heading.as_deref())
    }

    /// The first day on which it is stale, if it says so.
    pub fn stale_on(&self) -> Option<Date> {
        let (verified, period) = (self.verified.as_ref()?, self.stale_after.as_ref()?);
        let days = i64::try_from(period.as_seconds() / 86_400).ok()?;
        let days = jiff::Span::new().try_days(days).ok()?;
        verified.value.checked_add(days).ok()?.tomorrow().ok()
    }

    /// Says whether nobody has vouched for it recently enough.
    pub fn is_stale(&self, today: Date) -> bool {
        self.stale_on().is_some_and(|day| day <= today)
    }
}

kind!(Section, "section");

impl DocumentKind for Section {
    fn claims(_: &str, front_matter_keys: &[&str]) -> bool {
        front_matter_keys.contains(&"section")
    }

    fn attach(&mut self, title: Option<&str>, body: &str) {
        self.heading = title.map(str::to_owned);
        self.body = body.to_owned();
    }
}
