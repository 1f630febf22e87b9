//! The authorizer: policies in, decisions out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use cedar_policy::{
    ActionConstraint, Context, Decision as Verdict, Effect, Entities, Entity, EntityId,
    EntityTypeName, EntityUid, PolicySet, Response, RestrictedExpression, Schema,
};

use crate::action::{self, Action};
use crate::check::read;
use crate::{Decision, Outcome, Principal, Request, Resource};

/// The policies that every council starts with.
pub const BUILT_IN: &str = include_str!("built_in.cedar");

/// Built-in and own policies, ready to decide.
#[derive(Clone, Debug)]
pub struct Authorizer {
    policies: PolicySet,
    origins: BTreeMap<String, String>,
    actions: Entities,
    engine: cedar_policy::Authorizer,
}

/// One policy, to show why something was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name, as decisions give it.
    pub name: String,
    /// The file of the playbook that it stands in; nothing when it is built in.
    pub file: Option<String>,
    /// Its text in Cedar.
    pub text: String,
}

/// Where the policies stand that every council starts with.
const BUILT_IN_FILE: &str = "built_in.cedar";

impl Authorizer {
    /// Takes the organization's own policies, given as file name and text, beside the built-in ones.
    ///
    /// # Errors
    /// The findings that [`check`](crate::check) has, when one of them is an error; then nothing of it is usable.
    pub fn new(files: &[(&str, &str)]) -> Result<Self, Vec<crate::Finding>> {
        let findings = crate::check(files);
        if findings.iter().any(|finding| finding.code.is_error()) {
            return Err(findings);
        }
        let mut names = BTreeMap::new();
        let mut policies = PolicySet::new();
        for (file, text) in [(BUILT_IN_FILE, BUILT_IN)].iter().chain(files) {
            for policy in read(file, text, &mut names).policies {
                policies.add(policy).expect("BUG: names were checked to be unique");
            }
        }
        let actions = parsed_schema().action_entities().expect("BUG: our own schema has actions");
        Ok(Self { policies, origins: names, actions, engine: cedar_policy::Authorizer::new() })
    }

    /// A policy by the name that decisions give it.
    pub fn policy(&self, name: &str) -> Option<Named> {
        let found = self.policies.policy(&cedar_policy::PolicyId::new(name))?;
        let origin = self.origins.get(name).filter(|file| *file != BUILT_IN_FILE);
        Some(Named {
            name: name.to_owned(),
            file: origin.cloned(),
            text: found.to_cedar().unwrap_or_default(),
        })
    }

    /// The built-in policies alone.
    pub fn built_in() -> Self {
        Self::new(&[]).expect("BUG: a test checks the built-in policies")
    }

    /// Decides one request.
    pub fn authorize(&self, request: &Request) -> Decision {
        let Some(action) = action::find(request.action) else {
            return unknown_action(request.action);
        };
        let principal = uid("Person", &request.principal.person);
        let thing = uid("Thing", &request.resource.reference());
        let entities = self
            .actions
            .clone()
            .add_entities(
                [person(&request.principal, &principal), subject(&request.resource, &thing)],
                None,
            )
            .expect("BUG: the two entities have distinct types");
        let question = cedar_policy::Request::new(
            principal,
            uid("Action", action.name),
            thing,
            Context::empty(),
            None,
        )
        .expect("BUG: a request without a schema cannot be refused");
        let response = self.engine.is_authorized(&question, &self.policies, &entities);
        self.explain(request, action, &response)
    }

    fn explain(&self, request: &Request, action: &Action, response: &Response) -> Decision {
        let mut policies: Vec<String> =
            response.diagnostics().reason().map(ToString::to_string).collect();
        policies.sort();
        let mut errors: Vec<String> =
            response.diagnostics().errors().map(ToString::to_string).collect();
        errors.sort();
        match response.decision() {
            Verdict::Allow => Decision {
                outcome: Outcome::Allowed,
                reason: format!("permitted by {}", policies.join(", ")),
                policies,
                needed: Vec::new(),
                errors,
            },
            Verdict::Deny if !policies.is_empty() => {
                let why = self.annotations(&policies, "because");
                let reason = match why.as_slice() {
                    [] => format!("forbidden by {}", policies.join(", ")),
                    some => some.join("; "),
                };
                let needed =
                    vec![format!("none of these policies forbids it: {}", policies.join(", "))];
                Decision { outcome: Outcome::Forbidden, policies, reason, needed, errors }
            }
            Verdict::Deny => {
                let could = self.could_permit(action);
                let needed = self.annotations(&could, "needs");
                Decision {
                    outcome: Outcome::NotPermitted,
                    reason: format!("no policy permits you to {}", action.summary),
                    needed: needed.iter().map(|text| fill_in(text, &request.resource)).collect(),
                    policies: could,
                    errors,
                }
            }
        }
    }

    /// The policies that permit this action to somebody, by name.
    fn could_permit(&self, action: &Action) -> Vec<String> {
        let wanted = [uid("Action", action.name), uid("Action", action.scope)];
        let mut names: Vec<String> = self
            .policies
            .policies()
            .filter(|policy| policy.effect() == Effect::Permit)
            .filter(|policy| match policy.action_constraint() {
                ActionConstraint::Any => true,
                ActionConstraint::In(actions) => actions.iter().any(|each| wanted.contains(each)),
                ActionConstraint::Eq(only) => only == wanted[0],
            })
            .map(|policy| policy.id().to_string())
            .collect();
        names.sort();
        names
    }

    /// What the named policies say under an annotation, without repetition; an own policy without it is named.
    fn annotations(&self, names: &[String], key: &str) -> Vec<String> {
        let text = |name: &String| {
            let id = cedar_policy::PolicyId::new(name);
            let said = self.policies.policy(&id).and_then(|policy| policy.annotation(key));
            said.map_or_else(|| format!("what the policy `{name}` asks for"), str::to_owned)
        };
        let texts: BTreeSet<String> = names.iter().map(text).collect();
        texts.into_iter().collect()
    }
}

/// The schema, parsed once: it is the same for all playbooks.
pub(crate) fn parsed_schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        let (schema, _warnings) = Schema::from_cedarschema_str(&crate::schema())
            .expect("BUG: the generated schema is well-formed");
        schema
    });
    &SCHEMA
}

fn unknown_action(name: &str) -> Decision {
    Decision {
        outcome: Outcome::NotPermitted,
        policies: Vec::new(),
        reason: format!("`{name}` is not an action that policies know"),
        needed: vec!["an action of the table of actions".to_owned()],
        errors: Vec::new(),
    }
}

/// Puts the thing at hand into a sentence.
fn fill_in(text: &str, resource: &Resource) -> String {
    let list = |kind: &str, names: &[String]| match names {
        [] => "nobody".to_owned(),
        some => some.iter().map(|name| format!("{kind}/{name}")).collect::<Vec<_>>().join(", "),
    };
    let class = if resource.class.is_empty() { "?" } else { &resource.class };
    let parties = [
        ("seat", &resource.seats),
        ("team", &resource.teams),
        ("office", &resource.offices),
        ("person", &resource.people),
    ];
    let parties: Vec<String> = parties
        .iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(kind, names)| list(kind, names))
        .collect();
    let parties = if parties.is_empty() { "nobody".to_owned() } else { parties.join(", ") };
    text.replace("{parties}", &parties)
        .replace("{seats}", &list("seat", &resource.seats))
        .replace("{people}", &list("person", &resource.people))
        .replace("{class}", class)
}

fn uid(kind: &'static str, id: &str) -> EntityUid {
    let kind: EntityTypeName = kind.parse().expect("BUG: our own types have valid names");
    EntityUid::from_type_name_and_id(kind, EntityId::new(id))
}

fn uids(kind: &'static str, names: &[String]) -> Vec<EntityUid> {
    names.iter().map(|name| uid(kind, name)).collect()
}

fn set_of(kind: &'static str, names: &[String]) -> RestrictedExpression {
    let members = uids(kind, names).into_iter().map(RestrictedExpression::new_entity_uid);
    RestrictedExpression::new_set(members)
}

fn person(principal: &Principal, id: &EntityUid) -> Entity {
    let Principal { person, service, primary_of, backup_of, teams, offices, operator, scopes } =
        principal;
    let parents = uids("Seat", primary_of)
        .into_iter()
        .chain(uids("Seat", backup_of))
        .chain(uids("Team", teams))
        .chain(uids("Office", offices));
    let is_member =
        !(primary_of.is_empty() && backup_of.is_empty() && teams.is_empty() && offices.is_empty());
    let scope_texts = scopes.iter().flatten().cloned().map(RestrictedExpression::new_string);
    let attributes = [
        // A program is no person: whatever is for people is not for it.
        ("known", RestrictedExpression::new_bool(!person.is_empty() && !service)),
        ("service", RestrictedExpression::new_bool(*service)),
        ("member", RestrictedExpression::new_bool(is_member)),
        (
            "seated",
            RestrictedExpression::new_bool(!(primary_of.is_empty() && backup_of.is_empty())),
        ),
        ("operator", RestrictedExpression::new_bool(*operator)),
        ("by_token", RestrictedExpression::new_bool(scopes.is_some())),
        ("scopes", RestrictedExpression::new_set(scope_texts)),
        ("primary_of", set_of("Seat", primary_of)),
        ("backup_of", set_of("Seat", backup_of)),
    ];
    entity(id, attributes, parents)
}

fn subject(resource: &Resource, id: &EntityUid) -> Entity {
    let Resource { kind, name, class, seats, teams, offices, people } = resource;
    let text = |text: &String| RestrictedExpression::new_string(text.clone());
    let attributes = [
        ("kind", text(kind)),
        ("name", text(name)),
        ("class", text(class)),
        ("seats", set_of("Seat", seats)),
        ("teams", set_of("Team", teams)),
        ("offices", set_of("Office", offices)),
        ("people", set_of("Person", people)),
    ];
    entity(id, attributes, std::iter::empty())
}

fn entity<const N: usize>(
    id: &EntityUid,
    attributes: [(&str, RestrictedExpression); N],
    parents: impl Iterator<Item = EntityUid>,
) -> Entity {
    let attributes = attributes.into_iter().map(|(name, value)| (name.to_owned(), value));
    Entity::new(id.clone(), attributes.collect(), parents.collect())
        .expect("BUG: attributes are plain values without calls")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ana() -> Principal {
        Principal { person: "ana".to_owned(), ..Principal::default() }
    }

    fn ask(principal: Principal, action: &'static str, resource: Resource) -> Decision {
        Authorizer::built_in().authorize(&Request { principal, action, resource })
    }

    fn decision() -> Resource {
        Resource {
            class: "b".to_owned(),
            ..Resource::new("decision", "0012-vlans")
                .of_seats(["network-security"])
                .of_people(["ben"])
        }
    }

    #[test]
    fn holders_and_backups_of_a_deciding_seat_vote() {
        let holder = Principal { primary_of: vec!["network-security".to_owned()], ..ana() };
        let backup = Principal { backup_of: vec!["network-security".to_owned()], ..ana() };
        for principal in [holder, backup] {
            let answer = ask(principal, "decision.vote", decision());
            assert!(answer.is_allowed(), "{answer:?}");
            assert_eq!(answer.policies, ["deciding-seats-vote"]);
        }
    }

    #[test]
    fn a_denial_names_the_policy_and_what_is_needed() {
        let other = Principal { primary_of: vec!["finops".to_owned()], ..ana() };
        let answer = ask(other, "decision.vote", decision());
        assert_eq!(answer.outcome, Outcome::NotPermitted);
        assert_eq!(answer.policies, ["deciding-seats-vote"]);
        assert_eq!(
            answer.needed,
            ["the holder or backup of a deciding seat of decision type b: seat/network-security"]
        );
    }

    #[test]
    fn a_token_without_the_scope_is_forbidden_what_its_owner_may() {
        let holder = Principal {
            primary_of: vec!["network-security".to_owned()],
            scopes: Some(vec!["read".to_owned()]),
            ..ana()
        };
        let answer = ask(holder, "decision.vote", decision());
        assert_eq!(answer.outcome, Outcome::Forbidden);
        assert_eq!(answer.policies, ["tokens-need-the-scope-decide"]);
        assert_eq!(answer.reason, "the token does not have the scope `decide`");
    }

    #[test]
    fn every_action_needs_the_scope_that_it_belongs_to() {
        for action in crate::ACTIONS {
            let others = action::SCOPES.iter().map(|scope| scope.name);
            let others = others.filter(|scope| *scope != action.scope).map(str::to_owned).collect();
            let holder = Principal {
                operator: true,
                primary_of: vec!["network-security".to_owned()],
                scopes: Some(others),
                ..ana()
            };
            let answer = ask(holder, action.name, decision());
            assert!(!answer.is_allowed(), "{} without `{}`", action.name, action.scope);
        }
    }

    #[test]
    fn a_service_account_reads_and_plans_and_decides_nothing() {
        let account = |scopes: &[&str]| Principal {
            person: "service-account/pipeline".to_owned(),
            service: true,
            scopes: Some(scopes.iter().map(|&scope| scope.to_owned()).collect()),
            ..Principal::default()
        };
        let everything: Vec<&str> = action::SCOPES.iter().map(|scope| scope.name).collect();
        let may: Vec<&str> = action::ACTIONS
            .iter()
            .filter(|it| ask(account(&everything), it.name, Resource::kind("change")).is_allowed())
            .map(|it| it.name)
            .collect();
        assert_eq!(
            may,
            [
                "playbook.read",
                "record.read",
                "ledger.read",
                "ledger.verify",
                "worker.read",
                "metrics.read",
                "change.plan",
                "alert.send",
                "measurement.send"
            ]
        );
        assert!(!ask(account(&["alert"]), "record.read", Resource::kind("change")).is_allowed());
        let own = r#"permit (principal, action, resource);"#;
        let generous = Authorizer::new(&[("policies/own.cedar", own)]).expect("good policies");
        for name in ["decision.vote", "change.approve", "change.break-glass", "token.create"] {
            let resource = Resource::new("change", "CH-7");
            let request = Request { principal: account(&everything), action: name, resource };
            let answer = generous.authorize(&request);
            assert_eq!(answer.policies, ["service-accounts-decide-nothing"], "{name}");
        }
    }

    #[test]
    fn an_operator_operates_and_does_not_vote() {
        let operator = Principal { operator: true, ..Principal::default() };
        assert!(ask(operator.clone(), "link.create", Resource::kind("link")).is_allowed());
        assert!(!ask(operator, "decision.vote", decision()).is_allowed());
    }

    #[test]
    fn nobody_is_permitted_what_no_policy_mentions() {
        for action in action::ACTIONS {
            let nobody = Principal::default();
            let answer = ask(nobody, action.name, Resource::kind("anything"));
            assert_eq!(answer.is_allowed(), action.name == "playbook.read", "{answer:?}");
            assert!(answer.is_allowed() || !answer.needed.is_empty(), "{answer:?}");
        }
    }

    #[test]
    fn a_policy_that_decided_can_be_read() {
        let own = r#"@id("mine") permit (principal, action == Action::"decision.vote", resource);"#;
        let authorizer = Authorizer::new(&[("policies/own.cedar", own)]).expect("good policies");
        let mine = authorizer.policy("mine").expect("a policy");
        assert_eq!(mine.file.as_deref(), Some("policies/own.cedar"));
        assert!(mine.text.contains("decision.vote"), "{mine:?}");
        let built_in = authorizer.policy("deciding-seats-vote").expect("a policy");
        assert_eq!(built_in.file, None);
        assert_eq!(authorizer.policy("nobodys"), None);
    }

    #[test]
    fn own_policies_permit_more_and_forbid_more() {
        let own = r#"
            @id("payments-vote-too") @needs("a member of team/payments")
            permit (principal in Team::"payments", action == Action::"decision.vote", resource);
            @id("no-proposals-of-type-a") @because("type A is frozen")
            forbid (principal, action == Action::"decision.propose", resource) when { resource.class == "a" };
        "#;
        let authorizer = Authorizer::new(&[("policies/own.cedar", own)]).expect("good policies");
        let principal = Principal { teams: vec!["payments".to_owned()], ..ana() };
        let vote =
            Request { principal: principal.clone(), action: "decision.vote", resource: decision() };
        assert!(authorizer.authorize(&vote).is_allowed());
        let resource = Resource { class: "a".to_owned(), ..Resource::kind("decision") };
        let propose = Request { principal, action: "decision.propose", resource };
        let answer = authorizer.authorize(&propose);
        assert_eq!(
            (answer.outcome, answer.reason.as_str()),
            (Outcome::Forbidden, "type A is frozen")
        );
    }
}
