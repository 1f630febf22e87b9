//! CSV after RFC 4180, with the line that each record begins on. Spreadsheets of half of Europe separate by semicolons,
//! so the first line decides which of the two it is.

use super::Mistake;

/// The longest file that is read, in records: a hundred thousand machines are more than anybody here has.
const MOST_RECORDS: usize = 100_001;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The line that it begins on, from 1.
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

/// Reads all records; empty lines are passed over.
pub(super) fn records(text: &str) -> Result<Vec<Record>, Mistake> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head = text.lines().next().unwrap_or_default();
    let separator = if head.contains(';') && !head.contains(',') { ';' } else { ',' };
    let mut records = Vec::new();
    let mut record = Record { line: 1, cells: Vec::new() };
    let (mut cell, mut line, mut quoted_since) = (String::new(), 1, None);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if quoted_since.is_some() {
            match character {
                '"' if characters.peek() == Some(&'"') => {
                    characters.next();
                    cell.push('"');
                }
                '"' => quoted_since = None,
                other => {
                    line += usize::from(other == '\n');
                    cell.push(other);
                }
            }
            continue;
        }
        match character {
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted_since = Some(line);
            }
            '\n' => {
                line += 1;
                record.cells.push(std::mem::take(&mut cell));
                let next = Record { line, cells: Vec::new() };
                keep(std::mem::replace(&mut record, next), &mut records)?;
            }
            '\r' if characters.peek() == Some(&'\n') => {}
            other if other == separator => record.cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    if let Some(line) = quoted_since {
        let what = "a quotation mark opens here and nothing closes it".to_owned();
        return Err(Mistake { line, what });
    }
    record.cells.push(cell);
    keep(record, &mut records)?;
    Ok(records)
}

fn keep(record: Record, records: &mut Vec<Record>) -> Result<(), Mistake> {
    if record.cells.iter().all(|cell| cell.trim().is_empty()) {
        return Ok(());
    }
    if records.len() >= MOST_RECORDS {
        let what = format!("the file has more than {} records; split it", MOST_RECORDS - 1);
        return Err(Mistake { line: record.line, what });
    }
    records.push(record);
    Ok(())
}
