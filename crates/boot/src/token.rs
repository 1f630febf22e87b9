//! Tokens of installations.

use std::fmt::Write as _;

/// A token nobody guesses: 128 random bits in hexadecimal digits, which need no escape in a URL, in a script of iPXE or on
/// a kernel's command line, whose length is bounded.
///
/// # Errors
/// When the system has no randomness to give.
pub(crate) fn fresh() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    let mut token = String::with_capacity(32);
    for byte in bytes {
        write!(token, "{byte:02x}").expect("BUG: a string takes whatever is written");
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_need_no_escape() {
        let (one, other) = (fresh().unwrap(), fresh().unwrap());
        assert_ne!(one, other);
        assert!(one.len() == 32 && one.bytes().all(|byte| byte.is_ascii_hexdigit()), "{one}");
    }
}
