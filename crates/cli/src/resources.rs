//! Finding a resource by what somebody typed, and what is told about it.

use playbook::{KindInfo, Model, Resource, Vocabulary};

use crate::command_error::CommandError;
use crate::guess::did_you_mean;

/// Finds a kind by its slug or name, in any case; the plural is understood, too.
pub(crate) fn kind<'v>(
    vocabulary: &'v Vocabulary,
    typed: &str,
) -> Result<&'v KindInfo, CommandError> {
    let singular = typed.strip_suffix('s').unwrap_or(typed);
    let kinds = vocabulary.kinds();
    let is = |name: &str| name.eq_ignore_ascii_case(typed) || name.eq_ignore_ascii_case(singular);
    kinds.iter().find(|kind| is(kind.slug) || is(kind.name)).ok_or_else(|| {
        CommandError::usage(format!("there is no kind `{typed}`"))
            .hints(did_you_mean(singular, kinds.iter().map(|kind| kind.slug)))
            .hint("list all with `council kinds`")
    })
}

/// Finds the resource of `kind/name`, or of a bare name that only one kind uses.
pub(crate) fn find<'m>(model: &'m Model, typed: &str) -> Result<&'m Resource, CommandError> {
    if let Some(resource) = model.resource(typed) {
        return Ok(resource);
    }
    let of_name: Vec<&Resource> =
        model.resources().filter(|resource| *resource.id.name == *typed).collect();
    match of_name.as_slice() {
        [resource] => Ok(resource),
        [] => Err(none(model, typed)),
        several => Err(CommandError::usage(format!("`{typed}` is the name of several resources"))
            .hint(format!("say which: {}", listed(several)))),
    }
}

fn none(model: &Model, typed: &str) -> CommandError {
    let ids: Vec<String> = model.resources().map(|resource| resource.id.to_string()).collect();
    let names = model.resources().map(|resource| &*resource.id.name);
    let guess = match typed.contains('/') {
        true => did_you_mean(typed, ids.iter().map(String::as_str)),
        false => did_you_mean(typed, names),
    };
    CommandError::failed(format!("the playbook declares no `{typed}`"))
        .hints(guess)
        .hint("list what it declares with `council list`")
}

fn listed(resources: &[&Resource]) -> String {
    let ids: Vec<String> = resources.iter().map(|one| format!("`{}`", one.id)).collect();
    ids.join(" or ")
}
