//! Machines and racks from CSV files, as purchasers and inventory tools write them, to resources in YAML.
//!
//! All mistakes are found at once and named by their line, because people mend a file once. Nothing is guessed: a column
//! that nobody knows is a mistake with the nearest known one, and a cell that cannot be what its column says is, too.
//!
//! Absent on purpose: files. A text comes in, a text goes out.

mod columns;
mod csv;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use columns::{Column, Shape};
use csv::Record;

/// What is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// `Machine`.
    Machines,
    /// `Rack`.
    Racks,
}

/// What is wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, counted from 1; a record may have several, and this is its first.
    pub line: usize,
    /// What is wrong, and what helps.
    pub what: String,
}

/// Resources that were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// How many.
    pub count: usize,
    /// The resources, as documents of a YAML file.
    pub yaml: String,
}

/// Reads a file.
///
/// # Errors
/// With everything that is wrong in it.
pub fn import(noun: Noun, text: &str) -> Result<Imported, Vec<Mistake>> {
    let records = csv::records(text).map_err(|mistake| vec![mistake])?;
    let Some((head, rows)) = records.split_first() else {
        let what = format!("the file is empty; its first line names the columns: {}", names(noun));
        return Err(vec![Mistake { line: 1, what }]);
    };
    let columns = head_columns(noun, head)?;
    let mut mistakes = Vec::new();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut documents = Vec::new();
    for row in rows {
        match document(noun, &columns, row) {
            Ok((name, yaml)) => {
                documents.push(yaml);
                if let Some(before) = first.insert(name, row.line) {
                    let what = format!("`{name}` stands in line {before} already");
                    mistakes.push(Mistake { line: row.line, what });
                }
            }
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok(Imported { count: documents.len(), yaml: documents.join("---\n") })
}

/// The columns that a file may have, for people.
#[must_use]
pub fn names(noun: Noun) -> String {
    let names: Vec<&str> = columns::of(noun).iter().map(|column| column.name).collect();
    names.join(", ")
}

fn head_columns(noun: Noun, head: &Record) -> Result<Vec<&'static Column>, Vec<Mistake>> {
    let known = columns::of(noun);
    let mut found: Vec<&'static Column> = Vec::new();
    let mut mistakes = Vec::new();
    for cell in &head.cells {
        let wanted = cell.trim().to_lowercase().replace([' ', '-'], "_");
        match known.iter().find(|column| column.name == wanted) {
            Some(column) if found.iter().any(|other| other.name == column.name) => {
                let what = format!("the column `{wanted}` stands there twice");
                mistakes.push(Mistake { line: head.line, what });
            }
            Some(column) => found.push(column),
            None => {
                let what = format!(
                    "nobody knows the column `{}`; known are: {}",
                    cell.trim(),
                    names(noun)
                );
                mistakes.push(Mistake { line: head.line, what });
            }
        }
    }
    for column in known.iter().filter(|column| column.is_required) {
        if mistakes.is_empty() && !found.iter().any(|other| other.name == column.name) {
            let what = format!("the column `{}` is missing", column.name);
            mistakes.push(Mistake { line: head.line, what });
        }
    }
    if mistakes.is_empty() { Ok(found) } else { Err(mistakes) }
}

/// Turns a record into a document; returns its name beside it.
fn document<'r>(
    noun: Noun,
    columns: &[&'static Column],
    row: &'r Record,
) -> Result<(&'r str, String), Vec<Mistake>> {
    let mistake = |what: String| Mistake { line: row.line, what };
    if row.cells.len() != columns.len() {
        let what = format!("{} cells instead of {}", row.cells.len(), columns.len());
        return Err(vec![mistake(what)]);
    }
    let kind = match noun {
        Noun::Machines => "Machine",
        Noun::Racks => "Rack",
    };
    let mut name = "";
    let mut spec = String::new();
    let mut mistakes = Vec::new();
    for (column, cell) in columns.iter().zip(&row.cells) {
        let cell = cell.trim();
        if cell.is_empty() {
            if column.is_required {
                mistakes.push(mistake(format!("`{}` is empty", column.name)));
            }
            continue;
        }
        match column.render(cell) {
            Ok(_) if column.shape == Shape::Name && column.name == "name" => name = cell,
            Ok(value) => spec.push_str(&format!("  {}: {value}\n", column.name)),
            Err(what) => mistakes.push(mistake(format!("`{}`: {what}", column.name))),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let yaml =
        format!("apiVersion: council/v1\nkind: {kind}\nmetadata:\n  name: {name}\nspec:\n{spec}");
    Ok((name, yaml))
}
