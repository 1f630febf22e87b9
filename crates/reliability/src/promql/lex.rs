//! Text into words, numbers and signs.

use diag::Span;

use super::SyntaxError;

/// One piece of a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name or keyword.
    Word(String),
    /// A number.
    Number,
    /// A length of time such as `5m` or `1h30m`.
    Duration,
    /// `{{.window}}`.
    Window,
    /// A text in quotes, without them.
    Text(String),
    /// An operator or bracket.
    Sign(&'static str),
    /// The end of the query.
    End,
}

/// Longer ones first, so that `=~` is not read as `=`.
const SIGNS: [&str; 23] = [
    "==", "=~", "!=", "!~", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "%", "^", "(", ")", "{",
    "}", "[", "]", ",", ":",
];

/// Reads all of a query; the last token is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Span)>, SyntaxError> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            at += blank;
            continue;
        }
        if rest.starts_with('#') {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let (token, length) = one(rest, at)?;
        found.push((token, span(at, at + length)));
        at += length;
    }
    found.push((Token::End, span(text.len(), text.len())));
    Ok(found)
}

pub(super) fn span(start: usize, end: usize) -> Span {
    let small = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(small(start), small(end))
}

fn one(rest: &str, at: usize) -> Result<(Token, usize), SyntaxError> {
    if let Some(length) = window(rest) {
        return Ok((Token::Window, length));
    }
    let first = rest.chars().next().unwrap_or_default();
    let second_is_digit = rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    if first.is_ascii_digit() || (first == '.' && second_is_digit) {
        return number(rest, at);
    }
    if first.is_ascii_alphabetic() || matches!(first, '_' | ':') {
        // A colon that begins no name belongs to a subquery: `[1h:5m]`, `[1h:]`.
        let length = word_length(rest);
        if first != ':' || rest.as_bytes().get(1).is_some_and(|next| next.is_ascii_alphabetic()) {
            return Ok((Token::Word(rest.chars().take(length).collect()), length));
        }
    }
    if matches!(first, '"' | '\'' | '`') {
        return text(rest, first, at);
    }
    if first == '@' {
        return Ok((Token::Sign("@"), 1));
    }
    let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
    sign.map(|sign| (Token::Sign(sign), sign.len())).ok_or_else(|| SyntaxError {
        span: span(at, at + first.len_utf8()),
        message: format!("`{first}` means nothing here"),
        hint: None,
    })
}

fn word_length(rest: &str) -> usize {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':');
    rest.bytes().position(|byte| !inside(&byte)).unwrap_or(rest.len())
}

/// `{{.window}}`, with or without blanks.
fn window(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix("{{")?;
    let end = inside.find("}}")?;
    (inside.get(..end)?.trim() == ".window").then_some(end + 4)
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), SyntaxError> {
    let bytes = rest.as_bytes();
    let mut length = 0;
    while let Some(byte) = bytes.get(length) {
        let signed_exponent = matches!(byte, b'+' | b'-')
            && length > 0
            && bytes.get(length - 1).is_some_and(|before| matches!(before, b'e' | b'E'))
            && !rest.starts_with("0x");
        if !(byte.is_ascii_alphanumeric() || *byte == b'.' || signed_exponent) {
            break;
        }
        length += 1;
    }
    let word = rest.get(..length).unwrap_or_default();
    let hexadecimal = word
        .strip_prefix("0x")
        .or_else(|| word.strip_prefix("0X"))
        .map(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    if hexadecimal.unwrap_or_else(|| word.parse::<f64>().is_ok()) {
        return Ok((Token::Number, length));
    }
    if is_duration(word) {
        return Ok((Token::Duration, length));
    }
    Err(SyntaxError {
        span: span(at, at + length),
        message: format!("`{word}` is no number and no length of time"),
        hint: Some("write `5m`, `1h30m` or `0.5`; units run from `y` down to `ms`"),
    })
}

/// Whole numbers with units, each once, from the largest to the smallest.
pub(super) fn is_duration(word: &str) -> bool {
    const UNITS: [&str; 7] = ["y", "w", "d", "h", "m", "s", "ms"];
    let mut rest = word;
    let mut next_unit = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (count, behind) = rest.split_at(digits);
        let letters = behind.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, behind) = behind.split_at(letters);
        let place = UNITS.iter().position(|one| *one == unit);
        match place {
            Some(place) if !count.is_empty() && place >= next_unit => next_unit = place + 1,
            Some(_) | None => return false,
        }
        rest = behind;
    }
    next_unit > 0
}

/// A text in quotes. Escapes stay as they are: what they stand for matters to no rule.
fn text(rest: &str, quote: char, at: usize) -> Result<(Token, usize), SyntaxError> {
    let mut is_escaped = false;
    for (offset, one) in rest.char_indices().skip(1) {
        match one {
            _ if is_escaped => is_escaped = false,
            '\\' if quote != '`' => is_escaped = true,
            '\n' if quote != '`' => break,
            one if one == quote => {
                let inside = rest.get(1..offset).unwrap_or_default().to_owned();
                return Ok((Token::Text(inside), offset + 1));
            }
            _ => {}
        }
    }
    Err(SyntaxError {
        span: span(at, at + 1),
        message: "this text has no end".to_owned(),
        hint: Some("close the quotes"),
    })
}
