//! What a plain scalar means, in YAML 1.2 (ours) and in YAML 1.1 (many other tools).

/// A scalar as YAML 1.2's core schema understands it (specification 1.2.2, section 10.3.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plain {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text,
}

/// Reads a scalar's meaning; one in quotes or a block is always text.
pub(crate) fn resolve(text: &str, plain: bool) -> Plain {
    let Some(first) = text.bytes().next().filter(|_| plain) else {
        return if plain { Plain::Null } else { Plain::Text };
    };
    match first {
        b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' => word(text),
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        _ => Plain::Text,
    }
}

fn word(text: &str) -> Plain {
    match text {
        "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        _ => Plain::Text,
    }
}

fn number(text: &str) -> Plain {
    let based = |prefix: &str, radix: u32| {
        let digits = text.strip_prefix(prefix)?;
        digits.bytes().all(|digit| digit.is_ascii_alphanumeric()).then_some(())?;
        i64::from_str_radix(digits, radix).ok()
    };
    if let Some(number) = based("0x", 16).or_else(|| based("0o", 8)) {
        return Plain::Integer(number);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
            return Plain::Float(f64::INFINITY * sign);
        }
        ".nan" | ".NaN" | ".NAN" => return Plain::Float(f64::NAN),
        _ => {}
    }
    let numeric =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    if !unsigned.bytes().all(numeric) || !unsigned.bytes().any(|byte| byte.is_ascii_digit()) {
        return Plain::Text;
    }
    match (text.parse(), text.parse()) {
        (Ok(number), _) => Plain::Integer(number),
        (Err(_), Ok(number)) => Plain::Float(number),
        (Err(_), Err(_)) => Plain::Text,
    }
}

/// What a plain scalar that is text to us reads as in YAML 1.1, which many tools still speak:
/// the "Norway problem".
pub(crate) fn yaml_1_1(text: &str) -> Option<&'static str> {
    let first = text.bytes().next()?;
    match first {
        b'y' | b'Y' | b'n' | b'N' | b'o' | b'O' => boolean(text).then_some("a boolean"),
        b'0'..=b'9' | b'+' | b'-' if is_old_number(text) => Some("a number"),
        _ => None,
    }
}

fn boolean(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "on"
            | "On"
            | "ON"
            | "off"
            | "Off"
            | "OFF"
    )
}

/// Numbers with `_` between digits, in base 2, or in base 60 such as `10:30`.
fn is_old_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some((first, rest)) = digits.split_once(':') {
        let all_digits =
            |part: &str| !part.is_empty() && part.bytes().all(|one| one.is_ascii_digit());
        return all_digits(first)
            && !first.starts_with("00")
            && rest.split(':').all(|part| all_digits(part) && part.len() <= 2 && part < "60");
    }
    let digits = digits.strip_prefix("0b").unwrap_or(digits);
    let (plain, underscore) =
        (|one: u8| one.is_ascii_digit() || one == b'.', |one: u8| one == b'_');
    digits.bytes().any(underscore)
        && digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|one| plain(one) || underscore(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_schema_is_read_as_the_specification_says() {
        let text =
            ["nope", "tru", "a1", "1_000", "1.2.3", "0xZZ", "-", "+", ".", "2026-11-22", "1e"];
        for one in text {
            assert_eq!(resolve(one, true), Plain::Text, "{one}");
        }
        for one in ["", "~", "null", "NULL"] {
            assert_eq!(resolve(one, true), Plain::Null, "{one}");
        }
        for (one, number) in
            [("0", 0), ("-7", -7), ("+5", 5), ("0o17", 15), ("0xff", 255), ("017", 17)]
        {
            assert_eq!(resolve(one, true), Plain::Integer(number), "{one}");
        }
        for (one, number) in
            [("1e3", 1000.0), ("-.5", -0.5), ("1.", 1.0), ("-.inf", f64::NEG_INFINITY)]
        {
            assert_eq!(resolve(one, true), Plain::Float(number), "{one}");
        }
        assert_eq!(resolve("true", true), Plain::Bool(true));
        assert_eq!(resolve("true", false), Plain::Text);
    }

    #[test]
    fn what_other_tools_read_differently_is_known() {
        for one in ["no", "off", "Yes", "y"] {
            assert_eq!(yaml_1_1(one), Some("a boolean"), "{one}");
        }
        for one in ["1_000", "10:30", "1:30:00", "0b1_0"] {
            assert_eq!(yaml_1_1(one), Some("a number"), "{one}");
        }
        for one in ["note", "eu-1", "10:60", "a:b", "1-2", "2026-11-22", "_1", "10.0.0.0/8"] {
            assert_eq!(yaml_1_1(one), None, "{one}");
        }
    }
}
