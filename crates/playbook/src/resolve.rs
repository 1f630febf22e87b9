//! Resolves references: what is named must exist, be of a kind that fits, and not be retired.

use diag::words::quote;
use diag::{Diagnostic, RuleInfo};
use hashbrown::HashMap;
use jiff::civil::Date;

use crate::reference::Use;
use crate::{Model, Resource, codes, suggest};

/// In a kind with more resources than this, only names that share their first letter are compared
/// for "did you mean": comparing all of 100,000 names for every mistake would take seconds.
const MANY_NAMES: usize = 1_000;

/// How many names that share their first letter are compared.
const MOST_COMPARED: usize = 1_000;

/// Resolves references on one day.
pub(crate) struct Resolver<'r> {
    model: &'r Model,
    today: Date,
    /// All resources by slug and name, for when everything is resolved; looking up in the model
    /// costs a chain of cache misses each.
    index: Option<HashMap<(&'r str, &'r str), &'r Resource, foldhash::fast::FixedState>>,
}

/// What a name stands for.
enum Target<'r> {
    Resource(&'r Resource),
    /// It is declared, but its document has errors, which are reported there.
    Broken,
    /// A number that several names begin with.
    Several(Vec<&'r Resource>),
    Nothing,
}

impl<'r> Resolver<'r> {
    pub(crate) fn new(model: &'r Model, today: Date) -> Self {
        Self { model, today, index: None }
    }

    /// Prepares for resolving every reference of the playbook.
    #[must_use]
    pub(crate) fn indexed(mut self) -> Self {
        let mut index = HashMap::with_capacity_and_hasher(
            self.model.len(),
            foldhash::fast::FixedState::default(),
        );
        for resource in self.model.resources() {
            index.insert((resource.id.slug, resource.id.name.as_ref()), resource);
        }
        self.index = Some(index);
        self
    }

    /// Appends what is wrong with the references of a resource.
    pub(crate) fn findings(&self, resource: &Resource, findings: &mut Vec<Diagnostic>) {
        for one in &resource.uses {
            if let Some(finding) = self.finding(resource, one) {
                findings.push(finding.subject(resource.id.to_string()));
            }
        }
    }

    fn finding(&self, user: &Resource, one: &Use) -> Option<Diagnostic> {
        let Some(slug) = one.slug.as_deref() else { return Some(self.without_kind(user, one)) };
        if !one.accepts.is_empty() && !one.accepts.contains(&slug) {
            return Some(self.wrong_kind(user, one, slug));
        }
        match self.target(slug, &one.name) {
            Target::Resource(target) => self.retired(user, one, target),
            Target::Broken => None,
            Target::Several(all) => Some(several(user, one, &all)),
            Target::Nothing => Some(self.dangling(user, one, slug)),
        }
    }

    fn target(&self, slug: &str, name: &str) -> Target<'r> {
        let exact = match &self.index {
            Some(index) => index.get(&(slug, name)).copied(),
            None => self.model.find_exact(slug, name),
        };
        if let Some(resource) = exact {
            return Target::Resource(resource);
        }
        match self.model.numbered(slug, name).as_slice() {
            [only] => Target::Resource(only),
            [] if self.model.broken.contains(slug, name) => Target::Broken,
            [] => Target::Nothing,
            several => Target::Several(several.to_vec()),
        }
    }

    fn retired(&self, user: &Resource, one: &Use, target: &Resource) -> Option<Diagnostic> {
        let since = target.meta.retired.filter(|since| *since <= self.today)?;
        // What is retired itself may go on referring to its time.
        if user.meta.retired.is_some_and(|own| own <= self.today) {
            return None;
        }
        let message = format!("`{}` is retired since {since}", target.id);
        let finding = at(user, one, &codes::RETIRED, message)
            .related(target.place.clone(), "it was declared here");
        Some(match &target.meta.replaced_by {
            Some(other) => finding.hint(format!("refer to {} instead", quote(other))),
            None => finding.hint("refer to something that is still there, or remove the reference"),
        })
    }

    fn dangling(&self, user: &Resource, one: &Use, slug: &str) -> Diagnostic {
        let written = quote(&format!("{slug}/{}", one.name));
        let similar = suggest::similar(&one.name, self.names_near(slug, &one.name));
        let shown: Vec<String> = similar.iter().map(|name| format!("{slug}/{name}")).collect();
        let mut finding = at(user, one, &codes::DANGLING, format!("there is no {written}"));
        finding.hint =
            Some(suggest::did_you_mean(&shown).unwrap_or_else(|| {
                format!("declare a {slug} of this name, or name one that exists")
            }));
        for name in similar.iter().take(1) {
            if let Some(target) = self.model.find_exact(slug, name) {
                finding = finding.related(target.place.clone(), "a similar name");
            }
        }
        finding
    }

    fn wrong_kind(&self, user: &Resource, one: &Use, slug: &str) -> Diagnostic {
        let written = quote(&format!("{slug}/{}", one.name));
        let accepted: Vec<String> = one.accepts.iter().map(|slug| quote(slug)).collect();
        let message = format!("{written} cannot stand here");
        let why = format!("a reference to {} is expected", suggest::either(&accepted));
        let mut finding = at(user, one, &codes::WRONG_KIND, message).why(why);
        let meant =
            one.accepts.iter().find(|slug| self.model.find_exact(slug, &one.name).is_some());
        let similar = suggest::similar(slug, one.accepts.iter().copied());
        finding.hint = match (meant, similar.first()) {
            (Some(slug), _) | (None, Some(slug)) => {
                Some(format!("did you mean `{slug}/{}`?", one.name))
            }
            (None, None) => None,
        };
        finding
    }

    /// A bare name where several kinds may stand.
    fn without_kind(&self, user: &Resource, one: &Use) -> Diagnostic {
        let known: Vec<&Resource> =
            one.accepts.iter().filter_map(|slug| self.model.find_exact(slug, &one.name)).collect();
        let shown: Vec<String> = known.iter().map(|target| format!("`{}`", target.id)).collect();
        let name = quote(&one.name);
        let finding = match known.as_slice() {
            [] => {
                let near = |slug: &&'static str| {
                    let names: Vec<&str> = self.names_near(slug, &one.name).collect();
                    suggest::similar(&one.name, names)
                        .into_iter()
                        .map(|name| format!("{slug}/{name}"))
                        .collect::<Vec<_>>()
                };
                let similar: Vec<String> = one.accepts.iter().flat_map(near).take(3).collect();
                let kinds: Vec<String> =
                    one.accepts.iter().map(|slug| format!("`{slug}/…`")).collect();
                let fallback = || format!("write {}", suggest::either(&kinds));
                at(
                    user,
                    one,
                    &codes::DANGLING,
                    format!("there is no {name} of a kind that may stand here"),
                )
                .hint(suggest::did_you_mean(&similar).unwrap_or_else(fallback))
            }
            [_] => at(
                user,
                one,
                &codes::AMBIGUOUS,
                format!("the reference {name} does not say its kind"),
            )
            .why("several kinds may stand here")
            .hint(format!("write {}", suggest::either(&shown))),
            [..] => at(
                user,
                one,
                &codes::AMBIGUOUS,
                format!("the name {name} stands for several resources"),
            )
            .why("several kinds may stand here")
            .hint(format!("write {}", suggest::either(&shown))),
        };
        known
            .iter()
            .fold(finding, |finding, target| finding.related(target.place.clone(), "this one"))
    }

    fn names_near(&self, slug: &str, name: &str) -> impl Iterator<Item = &'r str> + use<'r> {
        let model = self.model;
        let first = name.chars().next().filter(|_| model.count(slug) > MANY_NAMES);
        let (all, near) = match first {
            Some(first) => (None, Some(model.names_from(slug, first))),
            None => (Some(model.names(slug)), None),
        };
        all.into_iter().flatten().chain(near.into_iter().flatten()).take(MOST_COMPARED)
    }
}

fn at(user: &Resource, one: &Use, rule: &RuleInfo, message: String) -> Diagnostic {
    Diagnostic::new(rule, user.at(one.span), message)
}

fn several(user: &Resource, one: &Use, all: &[&Resource]) -> Diagnostic {
    let shown: Vec<String> = all.iter().map(|target| format!("`{}`", target.id)).collect();
    let finding = at(
        user,
        one,
        &codes::AMBIGUOUS,
        format!("the number {} stands for several resources", quote(&one.name)),
    )
    .hint(format!("write {}", suggest::either(&shown)));
    all.iter().fold(finding, |finding, target| finding.related(target.place.clone(), "this one"))
}
