//! MAC addresses, in one spelling.

/// A MAC address in the spelling that everything is compared in: lower case, two digits between colons. What is none is
/// lowered and left as it is.
#[must_use]
pub fn plain(text: &str) -> String {
    let digits: String = text
        .chars()
        .filter(|character| !matches!(character, ':' | '-' | '.' | ' '))
        .map(|character| character.to_ascii_lowercase())
        .collect();
    if !is_twelve_digits(&digits) {
        return text.trim().to_lowercase();
    }
    let digits: Vec<char> = digits.chars().collect();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
    pairs.join(":")
}

/// Says whether a text is a MAC address, in any of its spellings.
#[must_use]
pub fn is_mac(text: &str) -> bool {
    is_twelve_digits(&plain(text).replace(':', ""))
}

fn is_twelve_digits(text: &str) -> bool {
    text.len() == 12 && text.chars().all(|character| character.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_are_one() {
        for text in ["52:54:00:AA:00:01", "52-54-00-aa-00-01", "5254.00aa.0001", "525400AA0001"] {
            assert_eq!(plain(text), "52:54:00:aa:00:01");
            assert!(is_mac(text));
        }
        assert_eq!(plain("N/A"), "n/a");
        assert!(!is_mac("52:54:00:aa:00"));
        assert!(!is_mac("52:54:00:aa:00:0g"));
    }
}
