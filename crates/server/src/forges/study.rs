//! What merging a pull request would give: its findings, the plan, what guardrails and the scanner say of it.
//!
//! The files are those of the merge, not of the branch: what others merged meanwhile is not taken back. The plan is about
//! what the pull request itself changes; what else differs at the targets is drift, and nobody asked for that here.

use std::collections::{BTreeMap, BTreeSet};

use gitops::gate::{Said, Subject, Touched};
use gitops::kinds::Target;
use gitops::plan::{Rendered, desired, for_guardrails, touched};
use gitops::pr::{self, Aspect, Evidence, Identity, Incidents, PlanSummary};
use gitops::secrets::{excuse, leak_diagnostic, scan_diff};
use jiff::Timestamp;
use ledger::Query;
use plan::{Desired, Observations, Plan, ResourceId, Terms};
use playbook::{Model, Workspace};

use super::pulls::{Case, Trouble};
use crate::Snapshot;
use crate::changes::{Made, finding, observe};
use crate::policies::Policies;

/// What a study is made of; while none of it changes, it stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Basis {
    head: String,
    base: String,
    description: String,
    playbook: Timestamp,
    /// Whether the targets have moved away from under the change's plan.
    drifted: bool,
}

/// What was found out.
#[derive(Debug)]
pub(super) struct Study {
    /// The pull request as the checks see it, without reviews.
    pub(super) request: pr::PullRequest,
    pub(super) evidence: Evidence,
    /// The plan; none when nothing can be planned.
    pub(super) made: Option<Made>,
    /// What it touches beside targets.
    pub(super) changed: Touched,
}

impl Basis {
    pub(super) fn of(case: &Case<'_>, base: &str) -> Self {
        Self {
            head: case.request.head.clone(),
            base: base.to_owned(),
            description: case.request.description.clone(),
            playbook: case.state.snapshot().since,
            drifted: case.change().is_some_and(|(_, change)| !change.drifted.is_empty()),
        }
    }
}

/// Looks at the newest commit of a pull request.
pub(super) async fn study(case: &Case<'_>, base: &str) -> Result<Study, Trouble> {
    let (mirror, asked) = (&case.pulls.mirror, case.request);
    let head = mirror.fetch(&case.pulls.config.forge.reference(asked.number)).await?;
    if head != asked.head {
        return Err(format!("it moved to {head} while it was looked at").into());
    }
    let from = mirror.merge_base(base, &head).await?.unwrap_or_else(|| base.to_owned());
    let files = mirror.changed(&from, &head).await?;
    let below = &case.pulls.below;
    let files: Vec<String> = files
        .iter()
        .filter_map(|file| file.strip_prefix(below.as_str()))
        .map(str::to_owned)
        .collect();
    let commits = mirror.added(&from, &head).await?;
    let wrote = commits.iter().filter(|commit| !commit.is_merge);
    let wrote = wrote.map(|commit| Identity::plain(commit.author.clone()));
    let request = pr::PullRequest {
        branch: Some(asked.branch.clone()),
        head: Some(head.clone()),
        authors: asked.author.iter().cloned().chain(wrote).collect(),
        description: Some(asked.description.clone()),
        files: files.clone(),
        ..pr::PullRequest::default()
    };
    let mut changed = Touched::default();
    files.into_iter().for_each(|file| changed.path(file));
    let mut evidence = Evidence { incidents: incidents(case), ..Evidence::default() };
    let snapshot = case.state.snapshot();
    let leaks = scan_diff(&mirror.diff(&from, &head).await?);
    let leaks = excuse(leaks, snapshot.model(), snapshot.facts.today).leaks;
    evidence.secrets = Some(leaks.iter().map(leak_diagnostic).collect());
    let Some(tree) = mirror.merged(base, &head).await? else {
        for aspect in [Aspect::Playbook, Aspect::Plan, Aspect::Guardrails] {
            let why = "it conflicts with the branch that it would be merged into";
            evidence.skipped.insert(aspect, why.to_owned());
        }
        return Ok(Study { request, evidence, made: None, changed });
    };
    let place = case.state.config().data_dir.join(format!("pulls/{}", asked.number));
    std::fs::remove_dir_all(&place).ok();
    mirror.lay_out(&tree, below, &place).await?;
    let merged = Workspace::open(&place, case.state.vocabulary().clone());
    changed.kinds = kinds(snapshot.model(), merged.model());
    evidence.playbook = Some(new_findings(&snapshot, &merged));
    let mut study = Study { request, evidence, made: None, changed };
    plan(case, &snapshot, &merged, &mut study).await;
    std::fs::remove_dir_all(&place)?;
    Ok(study)
}

/// What the pull request brings: errors, and warnings that the present playbook has not.
fn new_findings(snapshot: &Snapshot, merged: &Workspace) -> Vec<diag::Diagnostic> {
    let said = |finding: &diag::Diagnostic| (finding.code, finding.message.clone());
    let before: BTreeSet<_> = snapshot.diagnostics.iter().map(said).collect();
    let mut found = merged.check(&snapshot.facts);
    found.extend(Policies::read(merged.root()).diagnostics(merged.model()));
    found.retain(|finding| finding.is_error() || !before.contains(&said(finding)));
    diag::sort(&mut found);
    found
}

/// The kinds of the resources that differ between two states of the playbook.
fn kinds(before: &Model, after: &Model) -> BTreeSet<String> {
    let digests = |model: &Model| -> BTreeMap<String, String> {
        let resources = model.resources();
        resources.map(|one| (one.id.to_string(), one.digest.to_string())).collect()
    };
    let (before, after) = (digests(before), digests(after));
    let differs = |id: &&String| before.get(*id) != after.get(*id);
    let ids = before.keys().chain(after.keys()).filter(differs);
    ids.filter_map(|id| id.split('/').next()).map(str::to_owned).collect()
}

/// Plans what differs between the present playbook and the merged one, and lets the guardrails judge it.
async fn plan(case: &Case<'_>, snapshot: &Snapshot, merged: &Workspace, study: &mut Study) {
    let (now, artefacts) = (case.state.clock().now(), &case.state.config().artefacts);
    let (model, today) = (merged.model(), snapshot.facts.today);
    let wanted = match desired(model, artefacts, today) {
        Ok(wanted) => wanted,
        Err(failed) => {
            study.evidence.unplannable = pr::unplannable(model, &failed);
            let why = "there is no plan that they could judge".to_owned();
            study.evidence.skipped.insert(Aspect::Guardrails, why);
            return;
        }
    };
    let before = desired(snapshot.model(), artefacts, today).unwrap_or_default();
    let only = differing(&before.desired, &wanted.desired, model);
    let observed = observed(case, snapshot, &only, now).await;
    let mut terms = Terms::new(case.request.head.clone(), now);
    terms.fingerprints = case.state.fingerprints().clone();
    terms.only = Some(only);
    let parent = case.change().and_then(|(_, change)| change.plan);
    let parent = parent.and_then(|plan| case.state.plans().load(&plan.hash).ok());
    let plan = plan::plan(parent.as_ref(), &wanted.desired, &observed, &terms);
    study.evidence.guardrails = judged(case, snapshot, &plan, study, model);
    study.evidence.plan = Some(PlanSummary::of(&plan, &plan::render::Context::default()));
    let Rendered { desired, bytes } = wanted;
    study.made = Some(Made { plan, artefacts: bytes, observed, desired });
}

/// What the pull request itself makes different. What no target wants any more is left alone with its target.
fn differing(before: &[Desired], after: &[Desired], model: &Model) -> BTreeSet<ResourceId> {
    let by_id = |all: &[Desired]| -> BTreeMap<ResourceId, Desired> {
        all.iter().map(|one| (one.id.clone(), one.clone())).collect()
    };
    let (before, after) = (by_id(before), by_id(after));
    let ids = before.keys().chain(after.keys());
    let differs = |id: &&ResourceId| {
        before.get(*id) != after.get(*id) && model.get::<Target>(&id.target).is_some()
    };
    ids.filter(differs).cloned().collect()
}

/// What is there. A target that the pull request declares is taken to be empty until it is merged.
async fn observed(
    case: &Case<'_>,
    snapshot: &Snapshot,
    only: &BTreeSet<ResourceId>,
    now: Timestamp,
) -> Observations {
    let names: BTreeSet<String> = only.iter().map(|id| id.target.clone()).collect();
    let (old, new): (BTreeSet<_>, BTreeSet<_>) =
        names.into_iter().partition(|name| snapshot.model().get::<Target>(name).is_some());
    let mut observed = Observations::new();
    if !old.is_empty() {
        observed.extend(observe(&case.state.targets(snapshot), &old).await);
    }
    for name in new {
        observed.extend(Observations::complete(name, now));
    }
    observed
}

/// The present playbook's policies judge, so that no pull request loosens what judges it.
fn judged(
    case: &Case<'_>,
    snapshot: &Snapshot,
    plan: &Plan,
    study: &Study,
    model: &Model,
) -> Option<Vec<diag::Diagnostic>> {
    let guardrails = snapshot.policies.guardrails()?;
    let author = study.request.authors.first();
    let author = author.and_then(|author| pr::person_of(snapshot.model(), author));
    let subject = Subject {
        name: case.address(),
        author: author.map_or_else(String::new, |person| person.name().to_owned()),
        touched: touched(snapshot.model(), plan),
        said: Said {
            cites: pr::cites(snapshot.model(), &case.request.description),
            ..Said::default()
        },
        ..Subject::default()
    };
    let input = serde_json::to_value(plan).unwrap_or_default();
    let council = for_guardrails(snapshot.model(), &subject);
    let found: Vec<_> = guardrails.judge(&input, &council).into_iter().map(finding).collect();
    Some(pr::guarded(model, &found))
}

/// The incidents that a hotfix branch may name: those of the playbook and of the record.
fn incidents(case: &Case<'_>) -> Incidents {
    let snapshot = case.state.snapshot();
    let declared = snapshot.model().of_slug("incident").map(|one| one.id.name.to_string());
    let mut known: BTreeSet<String> = declared.collect();
    let mut after = 0;
    loop {
        let query = Query { after, stream: Some("incident".to_owned()), ..Query::default() };
        let entries = match case.state.ledger().entries(&query) {
            Ok(entries) => entries,
            Err(error) => return Incidents::Unknown { why: error.to_string() },
        };
        let Some(last) = entries.last() else { return Incidents::Known(known) };
        after = last.seq;
        let names = entries.iter().filter_map(|it| it.stream.as_str().strip_prefix("incident/"));
        known.extend(names.map(str::to_owned));
    }
}
