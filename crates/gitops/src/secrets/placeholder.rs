//! What stands where a secret would stand and is none: variables, references, ciphertext, examples.

/// Beginnings of values that are looked up, filled in or decrypted elsewhere.
const REFERENCES: [&str; 15] = [
    "{{", "{%", "${", "$(", "$", "<", "%(", "!", "*", "ENC[", "vault:", "op://", "arn:", "secret/",
    "@",
];

/// Words that people write instead of a secret.
const WORDS: [&str; 16] = [
    "changeme",
    "change_me",
    "change-me",
    "example",
    "placeholder",
    "redacted",
    "dummy",
    "your-",
    "your_",
    "xxxx",
    "****",
    "....",
    "insert",
    "replace",
    "not-set",
    "sample",
];

/// Says whether a value is no secret by its looks.
pub(super) fn is_placeholder(value: &str) -> bool {
    let lower = value.to_lowercase();
    REFERENCES.iter().any(|start| value.starts_with(start))
        || WORDS.iter().any(|word| lower.contains(word))
        || is_one_character(value)
        || is_plain_words(value)
}

fn is_one_character(value: &str) -> bool {
    let mut characters = value.chars();
    let first = characters.next();
    characters.all(|character| Some(character) == first)
}

/// Names, paths and sentences: letters with separators between, and no digit or other sign. A pass phrase
/// of plain words is missed; an alarm at every `token: bearer-token` would be switched off by the first reader.
fn is_plain_words(value: &str) -> bool {
    value.chars().all(|character| character.is_alphabetic() || "-_./: ".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_references_and_words_are_no_secrets() {
        for value in [
            "{{ lookup('env', 'X1') }}",
            "${DB_PASSWORD_1}",
            "<password-2>",
            "ENC[AES256_GCM,data:1,iv:2,tag:3,type:str]",
            "vault:kv/db#password1",
            "changeme123",
            "xxxxxxxx1",
            "11111111",
            "bearer-token",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn keys_are_none() {
        for value in ["hunter2hunter", "Tr0ub4dor&3", "9f86d081884c7d659a2f"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}
