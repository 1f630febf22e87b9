//! Names that references and files can use, made from words.

/// Lower-case letters and digits with `-` between; empty when there are none.
pub(crate) fn of(words: &str) -> String {
    let spaced: String = words
        .to_lowercase()
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() { character } else { ' ' })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_become_names() {
        assert_eq!(super::of("Ana's \"Shop\" 2"), "ana-s-shop-2");
        assert_eq!(super::of("日本"), "");
    }
}
