//! What every target should hold.

use jiff::civil::Date;
use plan::{Artefacts, Desired, Marks, ResourceId};
use playbook::{Model, Typed};

use super::{Artefact, Scope, Shared, file_fields};
use crate::kinds::{Placed, Target};

/// The kind of a file among the resources of a plan.
pub const FILE: &str = "file";

/// What should be, and the bytes of it.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The resources.
    pub desired: Vec<Desired>,
    /// Their bytes by digest.
    pub bytes: Artefacts,
}

/// A file that could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{file}` of target `{target}` cannot be rendered: {why}")]
pub struct Unrendered {
    /// The target.
    pub target: String,
    /// The file at the target.
    pub file: String,
    /// Why, and what now.
    pub why: String,
}

/// Renders what all targets should hold.
///
/// # Errors
/// Everything that could not be rendered. Nothing is returned beside it: a plan from half of what should be would
/// destroy the other half.
pub fn desired(
    model: &Model,
    artefacts: &[Artefact],
    today: Date,
) -> Result<Rendered, Vec<Unrendered>> {
    let mut rendered = Rendered::default();
    let mut failed = Vec::new();
    let shared = Shared::default();
    for target in model.all::<Target>() {
        for placed in &target.spec.artefacts {
            let scope = Scope::of(&target, today, &shared);
            match render(model, artefacts, placed, &scope) {
                Ok(bytes) => add(&mut rendered, &target, placed, bytes),
                Err(why) => failed.push(Unrendered {
                    target: target.name().to_owned(),
                    file: placed.to.to_string(),
                    why,
                }),
            }
        }
    }
    if failed.is_empty() { Ok(rendered) } else { Err(failed) }
}

fn render(
    model: &Model,
    artefacts: &[Artefact],
    placed: &Placed,
    scope: &Scope<'_>,
) -> Result<Vec<u8>, String> {
    let wanted = placed.name.as_str();
    let Some(artefact) = artefacts.iter().find(|artefact| artefact.name == wanted) else {
        let names: Vec<_> = artefacts.iter().map(|artefact| artefact.name).collect();
        return Err(format!("no artefact is called `{wanted}`; there are: {}", names.join(", ")));
    };
    (artefact.render)(model, scope).map_err(|error| error.to_string())
}

fn add(rendered: &mut Rendered, target: &Typed<'_, Target>, placed: &Placed, bytes: Vec<u8>) {
    let file = placed.to.as_str();
    let mut desired = Desired::new(ResourceId::new(target.name(), FILE, file));
    desired.fields = file_fields(file, &bytes);
    desired.payload = Some(rendered.bytes.add(bytes));
    desired.marks = marks(target.spec);
    rendered.desired.push(desired);
}

/// What the steps of a target are rolled up by, and what they break.
pub fn marks(spec: &Target) -> Marks {
    let name = |name: &str, value: Option<&str>| Some((name.to_owned(), value?.to_owned()));
    let service = spec.services.first().map(|service| service.name());
    let labels = [
        name("site", spec.site.as_ref().map(|site| site.name())),
        name("environment", spec.environment.as_ref().map(|environment| environment.name())),
        name("owner", spec.owner.as_ref().map(|owner| owner.name())),
        name("service", service),
    ];
    Marks {
        labels: labels.into_iter().flatten().collect(),
        failure_domain: spec.breaks_with(),
        disruptive: spec.disruptive,
        // The bytes of a file are known before it is taken away.
        restorable: true,
        ..Marks::default()
    }
}

#[cfg(test)]
mod tests {
    use playbook::Workspace;

    use super::*;
    use crate::plan::Unrenderable;

    const PLAYBOOK: &str = "
apiVersion: council/v1
kind: Target
metadata: { name: lab }
spec:
  via: { directory: { path: lab } }
  failure_domain: rack-1
  artefacts:
  - { name: test/names, to: names.yaml }
";

    const NAMES: Artefact = Artefact {
        name: "test/names",
        summary: "the names of all targets",
        render: |model, scope| {
            let names: Vec<_> =
                model.all::<Target>().map(|target| target.name().to_owned()).collect();
            Ok(format!("for: {}\nnames: [{}]\n", scope.target, names.join(", ")).into_bytes())
        },
    };

    const BROKEN: Artefact = Artefact {
        name: "test/names",
        summary: "never",
        render: |_, _| Err(Unrenderable("there is nothing to name; declare something".into())),
    };

    fn rendered(artefacts: &[Artefact]) -> Result<Rendered, Vec<Unrendered>> {
        let vocabulary = std::sync::Arc::new(crate::vocabulary(playbook::Vocabulary::default()));
        let workspace = Workspace::of_texts([("targets.yaml", PLAYBOOK)], vocabulary);
        desired(workspace.model(), artefacts, jiff::civil::date(2026, 11, 22))
    }

    #[test]
    fn a_file_is_told_by_its_fields_and_its_bytes_lie_beside() {
        let rendered = rendered(&[NAMES]).unwrap();
        let [file] = &*rendered.desired else { panic!("{:?}", rendered.desired) };
        assert_eq!(file.id.to_string(), "lab/file/names.yaml");
        assert_eq!(file.fields["names"].to_string(), "[\"lab\"]");
        assert_eq!(file.marks.failure_domain.as_deref(), Some("rack-1"));
        let bytes = rendered.bytes.bytes(file.payload.unwrap()).unwrap();
        assert_eq!(&**bytes, b"for: lab\nnames: [lab]\n");
    }

    #[test]
    fn one_file_that_cannot_be_rendered_stops_everything() {
        let why = rendered(&[BROKEN]).unwrap_err()[0].to_string();
        assert_eq!(
            why,
            "`names.yaml` of target `lab` cannot be rendered: there is nothing to name; declare something"
        );
        let unknown = rendered(&[]).unwrap_err();
        assert!(unknown[0].why.starts_with("no artefact is called `test/names`"), "{unknown:?}");
    }
}
