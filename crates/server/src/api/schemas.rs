//! The shapes of all bodies, from the types' own JSON Schemas.

use governance::views;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

use super::{
    actions, alerts, attestations, calendars, can, changes, decisions, declared, devices,
    diagnostics, erasures, events, feedback, freezes, incidents, inventory, job_tokens, ledger,
    links, on_call, organization, overview, plans, postmortems, problems, questions, resources,
    rituals, runbooks, sessions, silences, tokens, whatif, who, workers,
};
use crate::http::{Page, Problem};

/// All shapes by name, sorted.
pub(super) fn all() -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    playbook(&mut generator);
    record(&mut generator);
    changes(&mut generator);
    operations(&mut generator);
    machines(&mut generator);
    ledger_views(&mut generator);
    account(&mut generator);
    let mut definitions = generator.take_definitions(true);
    definitions.sort_keys();
    Value::Object(definitions)
}

fn add<T: JsonSchema>(generator: &mut SchemaGenerator) {
    generator.subschema_for::<T>();
}

fn list<T: JsonSchema>(generator: &mut SchemaGenerator) {
    add::<T>(generator);
    add::<Page<T>>(generator);
}

fn playbook(generator: &mut SchemaGenerator) {
    add::<Problem>(generator);
    add::<organization::OrganizationView>(generator);
    list::<org::views::SeatRow>(generator);
    list::<org::views::PersonView>(generator);
    declared::schemas(generator);
    list::<resources::ResourceRow>(generator);
    add::<resources::ResourceView>(generator);
    add::<diagnostics::Findings>(generator);
    add::<who::WhoView>(generator);
    add::<can::CanView>(generator);
    add::<whatif::WhatifView>(generator);
}

fn record(generator: &mut SchemaGenerator) {
    add::<crate::perform::Performed>(generator);
    add::<crate::today::Today>(generator);
    add::<views::RaciMatrix>(generator);
    add::<overview::Gaps>(generator);
    list::<views::DecisionRow>(generator);
    add::<views::ActiveSet>(generator);
    add::<views::DecisionDetail>(generator);
    add::<decisions::VoteRequest>(generator);
    add::<decisions::AdviceRequest>(generator);
    add::<decisions::AnswerRequest>(generator);
    add::<decisions::ReasonRequest>(generator);
    list::<views::RitualRow>(generator);
    add::<views::AgendaView>(generator);
    add::<rituals::AttendanceRequest>(generator);
    add::<rituals::MinuteRequest>(generator);
    list::<views::ActionRow>(generator);
    add::<actions::ActionRequest>(generator);
    add::<actions::NoteRequest>(generator);
    add::<actions::DropRequest>(generator);
    add::<actions::MoveRequest>(generator);
    list::<views::QuestionRow>(generator);
    add::<questions::QuestionRequest>(generator);
    add::<questions::AnsweredBy>(generator);
    add::<questions::ReopenRequest>(generator);
    list::<views::FeedbackRow>(generator);
    add::<feedback::FeedbackRequest>(generator);
    add::<feedback::FeedbackAnswer>(generator);
}

fn changes(generator: &mut SchemaGenerator) {
    list::<gitops::views::ChangeCard>(generator);
    add::<gitops::views::ChangeBoard>(generator);
    add::<gitops::views::ChangeDetail>(generator);
    add::<gitops::views::FreezeList>(generator);
    add::<attestations::AttestationView>(generator);
    add::<changes::ChangeRequest>(generator);
    add::<changes::DescriptionRequest>(generator);
    add::<changes::PlanRequest>(generator);
    add::<changes::ApprovalRequest>(generator);
    add::<changes::SeatRequest>(generator);
    add::<changes::GlassRequest>(generator);
    add::<changes::FindingRequest>(generator);
    add::<changes::WhyRequest>(generator);
    add::<changes::FreezeRequest>(generator);
    add::<plans::PlanView>(generator);
    add::<plans::StepsView>(generator);
    add::<plans::DriftAnswer>(generator);
    add::<freezes::LiftRequest>(generator);
    add::<freezes::FreezeEndRequest>(generator);
    add::<inventory::InventoryView>(generator);
}

fn operations(generator: &mut SchemaGenerator) {
    list::<crate::objectives::ObjectiveRow>(generator);
    list::<crate::counting::ProbeRow>(generator);
    add::<crate::objectives::ObjectiveDetail>(generator);
    add::<reliability::views::AlertList>(generator);
    add::<reliability::views::AlertHistory>(generator);
    add::<reliability::views::AlertQuality>(generator);
    add::<alerts::AlertProposal>(generator);
    add::<silences::SilenceList>(generator);
    add::<silences::PreviewRequest>(generator);
    add::<silences::SilencePreview>(generator);
    add::<silences::SilenceRequest>(generator);
    list::<reliability::views::IncidentRow>(generator);
    add::<reliability::views::IncidentDetail>(generator);
    add::<incidents::IncidentStory>(generator);
    add::<incidents::NoticeDraft>(generator);
    add::<incidents::IncidentRequest>(generator);
    add::<incidents::TriageRequest>(generator);
    add::<incidents::SeverityRequest>(generator);
    add::<incidents::HowRequest>(generator);
    add::<incidents::ReopenIncidentRequest>(generator);
    add::<incidents::MergeRequest>(generator);
    add::<incidents::AssignmentRequest>(generator);
    add::<incidents::RemarkRequest>(generator);
    add::<incidents::TextRequest>(generator);
    add::<incidents::UpdateRequest>(generator);
    add::<incidents::TickRequest>(generator);
    add::<incidents::AssessmentRequest>(generator);
    add::<incidents::NoticeRequest>(generator);
    add::<incidents::PrivacyRequest>(generator);
    add::<on_call::OnCallNow>(generator);
    add::<on_call::HandOff>(generator);
    add::<super::objectives::ExclusionRequest>(generator);
    add::<crate::excerpts::LogExcerpt>(generator);
    add::<crate::excerpts::TraceList>(generator);
    add::<crate::excerpts::TraceDetail>(generator);
    add::<super::excerpts::EvidenceRequest>(generator);
    add::<super::objectives::ResetRequest>(generator);
    add::<reliability::views::Status>(generator);
    add::<crate::trends::Trends>(generator);
    add::<on_call::SwapRequest>(generator);
    list::<reliability::views::NotificationRow>(generator);
    list::<reliability::views::PostmortemRow>(generator);
    add::<reliability::views::PostmortemDetail>(generator);
    add::<postmortems::SectionRequest>(generator);
    add::<postmortems::FactorRequest>(generator);
    add::<postmortems::LinkedChangeRequest>(generator);
    add::<postmortems::StatementRequest>(generator);
    list::<reliability::views::RunbookRow>(generator);
    add::<reliability::views::RunbookDetail>(generator);
    add::<reliability::views::Coverage>(generator);
    add::<reliability::views::RunDetail>(generator);
    add::<runbooks::RunRequest>(generator);
    add::<runbooks::EndingRequest>(generator);
    add::<runbooks::AbandonmentRequest>(generator);
}

fn machines(generator: &mut SchemaGenerator) {
    add::<fleet::views::FleetView>(generator);
    list::<fleet::views::MachineRow>(generator);
    add::<fleet::views::MachineView>(generator);
    add::<fleet::views::RackView>(generator);
    add::<fleet::hardening::HardeningView>(generator);
    add::<fleet::hardening::HostDetail>(generator);
    add::<fleet::hardening::record::Report>(generator);
}

fn ledger_views(generator: &mut SchemaGenerator) {
    add::<ledger::HeadView>(generator);
    list::<ledger::EntryView>(generator);
    add::<ledger::VerifyView>(generator);
    add::<erasures::ErasureRequest>(generator);
    add::<erasures::ErasureView>(generator);
    list::<ledger::CheckpointView>(generator);
    add::<events::CloudEvent>(generator);
}

fn account(generator: &mut SchemaGenerator) {
    list::<sessions::SessionView>(generator);
    add::<sessions::Me>(generator);
    add::<sessions::SignIn>(generator);
    add::<sessions::SignedInView>(generator);
    list::<tokens::TokenView>(generator);
    add::<tokens::TokenRequest>(generator);
    add::<tokens::NewTokenView>(generator);
    list::<devices::DeviceView>(generator);
    add::<devices::DeviceRequest>(generator);
    add::<devices::PushKeyView>(generator);
    add::<job_tokens::JobTokenRequest>(generator);
    add::<job_tokens::JobTokenView>(generator);
    add::<links::LinkRequest>(generator);
    add::<links::LinkView>(generator);
    add::<calendars::CalendarLinks>(generator);
    list::<workers::Worker>(generator);
    list::<problems::ProblemPage>(generator);
}
