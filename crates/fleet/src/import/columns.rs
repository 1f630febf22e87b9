//! The columns that files may have, and how a cell becomes YAML.

use super::Noun;
use crate::mac;

/// A column.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) is_required: bool,
}

/// What its cells are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// The name of a resource.
    Name,
    /// `kind/name`.
    Reference,
    /// Any text.
    Text,
    /// A whole number.
    Number,
    /// Words between blanks, commas or semicolons.
    Words,
    /// MAC addresses, separated like words.
    Macs,
}

const fn column(name: &'static str, shape: Shape) -> Column {
    Column { name, shape, is_required: false }
}

const fn required(name: &'static str, shape: Shape) -> Column {
    Column { name, shape, is_required: true }
}

const MACHINES: &[Column] = &[
    required("name", Shape::Name),
    required("site", Shape::Name),
    required("role", Shape::Name),
    column("rack", Shape::Text),
    column("unit", Shape::Number),
    column("height", Shape::Number),
    column("model", Shape::Name),
    column("serial", Shape::Text),
    column("bmc", Shape::Text),
    column("macs", Shape::Macs),
    column("owner", Shape::Reference),
    column("environment", Shape::Name),
    column("address", Shape::Text),
    column("provisioner", Shape::Name),
    column("lifecycle", Shape::Name),
    column("tags", Shape::Words),
    column("notes", Shape::Text),
];

const RACKS: &[Column] = &[
    required("name", Shape::Name),
    required("site", Shape::Name),
    required("label", Shape::Text),
    column("units", Shape::Number),
    column("feeds", Shape::Words),
    column("budget_watts", Shape::Number),
];

/// The columns of a noun.
pub(super) fn of(noun: Noun) -> &'static [Column] {
    match noun {
        Noun::Machines => MACHINES,
        Noun::Racks => RACKS,
    }
}

impl Column {
    /// A cell as YAML, or what is wrong with it.
    pub(super) fn render(&self, cell: &str) -> Result<String, String> {
        match self.shape {
            Shape::Name if is_name(cell) => Ok(cell.to_owned()),
            Shape::Name => Err(format!(
                "`{cell}` is no name: lower-case letters, digits, `-` and `.`, such as `eu-1-cmp-01`"
            )),
            Shape::Reference => match cell.split_once('/') {
                Some((kind, name)) if is_name(kind) && is_name(name) => Ok(cell.to_owned()),
                _ => Err(format!("`{cell}` is no owner: write `team/<name>` or `seat/<name>`")),
            },
            Shape::Text => Ok(quoted(cell)),
            Shape::Number => match cell.parse::<u32>() {
                Ok(number) => Ok(number.to_string()),
                Err(_) => Err(format!("`{cell}` is no whole number")),
            },
            Shape::Words => {
                let words: Vec<String> = words(cell).map(quoted).collect();
                Ok(format!("[{}]", words.join(", ")))
            }
            Shape::Macs => {
                if let Some(wrong) = words(cell).find(|word| !mac::is_mac(word)) {
                    return Err(format!(
                        "`{wrong}` is no MAC address, such as `52:54:00:0a:01:15`"
                    ));
                }
                let macs: Vec<String> = words(cell).map(|word| quoted(&mac::plain(word))).collect();
                Ok(format!("[{}]", macs.join(", ")))
            }
        }
    }
}

fn words(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([' ', ',', ';']).filter(|word| !word.is_empty())
}

fn is_name(text: &str) -> bool {
    let fits = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || "-.".contains(character)
    };
    !text.is_empty() && text.len() <= 100 && text.chars().all(fits)
}

/// A YAML string that can be nothing else: JSON's strings are YAML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
