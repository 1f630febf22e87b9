//! Going places: definition, references, symbols of a file and of the whole playbook.

use ls_types::{DocumentSymbol, Location, Position, SymbolInformation, SymbolKind};

use crate::position;
use crate::session::Session;

/// At most this many symbols answer a search over the playbook.
const SYMBOLS: usize = 200;

/// Where the thing under the cursor is declared.
pub(crate) fn definition(session: &Session, file: &str, at: Position) -> Option<Location> {
    let resource = session.meant(file, at)?;
    session.location(&resource.place.file, resource.place.span)
}

/// Where the thing under the cursor is referred to, and if wanted where it is declared.
pub(crate) fn references(
    session: &Session,
    file: &str,
    at: Position,
    with_declaration: bool,
) -> Vec<Location> {
    let Some(resource) = session.meant(file, at) else { return Vec::new() };
    let declaration =
        with_declaration.then(|| session.location(&resource.place.file, resource.place.span));
    let uses = session
        .uses_of(resource)
        .map(|(holder, used)| session.location(&holder.place.file, used.span));
    declaration.into_iter().chain(uses).flatten().collect()
}

/// The resources that a file declares.
#[expect(
    deprecated,
    reason = "the protocol's struct has a field that nobody may set and everybody must write"
)]
pub(crate) fn symbols(session: &Session, file: &str) -> Vec<DocumentSymbol> {
    let text = session.text(file);
    let here =
        session.workspace().model().resources().filter(|resource| &*resource.place.file == file);
    let mut symbols: Vec<DocumentSymbol> = here
        .map(|resource| DocumentSymbol {
            name: resource.id.to_string(),
            detail: Some(resource.title().to_owned()),
            kind: SymbolKind::OBJECT,
            tags: None,
            deprecated: None,
            range: position::range(text, resource.extent.to(resource.place.span)),
            selection_range: position::range(text, resource.place.span),
            children: None,
        })
        .collect();
    symbols.sort_by_key(|symbol| symbol.range.start);
    symbols
}

/// Resources whose name or title holds the words that were typed.
#[expect(deprecated, reason = "as above")]
pub(crate) fn search(session: &Session, query: &str) -> Vec<SymbolInformation> {
    let query = query.to_lowercase();
    let fits = |text: &str| text.to_lowercase().contains(&query);
    session
        .workspace()
        .model()
        .resources()
        .filter(|resource| fits(&resource.id.to_string()) || fits(resource.title()))
        .filter_map(|resource| {
            Some(SymbolInformation {
                name: resource.id.to_string(),
                kind: SymbolKind::OBJECT,
                tags: None,
                deprecated: None,
                location: session.location(&resource.place.file, resource.place.span)?,
                container_name: Some(resource.title().to_owned()),
            })
        })
        .take(SYMBOLS)
        .collect()
}
