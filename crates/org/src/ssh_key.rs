//! Public SSH keys: one line of `authorized_keys`, decoded far enough to know that it is whole.
//!
//! The wire format is that of RFC 4253, section 6.6 (RSA, DSA), RFC 5656, section 3.1 (ECDSA), RFC
//! 8709, section 4 (Ed25519), and OpenSSH's for keys on security tokens. Absent on purpose: any
//! cryptography. That a key is whole and strong does not say whose it is.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A whole public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    /// The type, such as `ssh-ed25519`.
    pub(crate) algorithm: String,
    /// The length of the modulus of an RSA or DSA key, in bits.
    pub(crate) bits: Option<usize>,
    /// The key itself, by which two are compared.
    pub(crate) blob: Vec<u8>,
}

/// Why a line is no public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyError {
    /// It is a private one.
    Private,
    /// It begins with options.
    Options,
    /// It is not a type, a space and base64.
    Malformed(&'static str),
    /// The decoded key ends too early or too late.
    Truncated,
    /// The type before the key is not the one inside.
    TypeDiffers { written: String, inside: String },
    /// No such type.
    UnknownType(String),
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Private => {
                formatter.write_str("it is a private key, and compromised from now on")
            }
            Self::Options => formatter.write_str("it begins with options of `authorized_keys`"),
            Self::Malformed(what) => formatter.write_str(what),
            Self::Truncated => formatter.write_str("a part of it was lost when it was copied"),
            Self::TypeDiffers { written, inside } => {
                write!(formatter, "it says `{written}`, but the key inside is `{inside}`")
            }
            Self::UnknownType(name) => write!(formatter, "`{name}` is not a type of SSH keys"),
        }
    }
}

/// What follows the type in a key's wire format.
enum Body {
    /// So many strings, the one with this index being the modulus.
    Numbers { count: usize, modulus: usize },
    /// Strings of these lengths; 0 stands for any.
    Strings(&'static [usize]),
}

fn body(algorithm: &str) -> Option<Body> {
    Some(match algorithm {
        "ssh-rsa" => Body::Numbers { count: 2, modulus: 1 },
        "ssh-dss" => Body::Numbers { count: 4, modulus: 0 },
        "ssh-ed25519" => Body::Strings(&[32]),
        "ssh-ed448" => Body::Strings(&[57]),
        "ecdsa-sha2-nistp256" => Body::Strings(&[8, 65]),
        "ecdsa-sha2-nistp384" => Body::Strings(&[8, 97]),
        "ecdsa-sha2-nistp521" => Body::Strings(&[8, 133]),
        "sk-ssh-ed25519@openssh.com" => Body::Strings(&[32, 0]),
        "sk-ecdsa-sha2-nistp256@openssh.com" => Body::Strings(&[8, 65, 0]),
        _ => return None,
    })
}

fn is_type(word: &str) -> bool {
    body(word).is_some()
}

/// Reads one line: type, base64, and any comment.
pub(crate) fn parse(line: &str) -> Result<PublicKey, KeyError> {
    if line.contains("PRIVATE KEY") {
        return Err(KeyError::Private);
    }
    let mut words = line.split_whitespace();
    let algorithm = words.next().ok_or(KeyError::Malformed("it is empty"))?;
    let Some(body) = body(algorithm) else {
        let has_options = line.split_whitespace().skip(1).any(is_type);
        let unknown = KeyError::UnknownType(algorithm.to_owned());
        return Err(if has_options { KeyError::Options } else { unknown });
    };
    let text = words.next().ok_or(KeyError::Malformed("there is no key after the type"))?;
    let blob = STANDARD
        .decode(text)
        .map_err(|_| KeyError::Malformed("what follows the type is not base64"))?;
    let mut rest = blob.as_slice();
    let inside = take(&mut rest).ok_or(KeyError::Truncated)?;
    if inside != algorithm.as_bytes() {
        let inside = String::from_utf8_lossy(inside).into_owned();
        return Err(KeyError::TypeDiffers { written: algorithm.to_owned(), inside });
    }
    let bits = read(&body, &mut rest)?;
    Ok(PublicKey { algorithm: algorithm.to_owned(), bits, blob })
}

/// Reads what follows the type, which must use up the rest.
fn read(body: &Body, rest: &mut &[u8]) -> Result<Option<usize>, KeyError> {
    let mut next = || take(rest).ok_or(KeyError::Truncated);
    let bits = match *body {
        Body::Numbers { count, modulus } => {
            let numbers = (0..count).map(|_| next()).collect::<Result<Vec<_>, _>>()?;
            numbers.get(modulus).map(|number| bit_length(number))
        }
        Body::Strings(lengths) => {
            for &length in lengths {
                let found = next()?;
                if length != 0 && found.len() != length {
                    return Err(KeyError::Truncated);
                }
            }
            None
        }
    };
    if rest.is_empty() { Ok(bits) } else { Err(KeyError::Truncated) }
}

/// Takes one string of the wire format: four bytes of length, and the bytes.
fn take<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (taken, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

/// The number of bits of a big-endian number without its leading zeros.
fn bit_length(number: &[u8]) -> usize {
    let significant = number.iter().skip_while(|byte| **byte == 0);
    let mut bytes = significant.copied();
    match bytes.next() {
        None => 0,
        Some(first) => {
            let top = (u8::BITS - first.leading_zeros()) as usize;
            top + 8 * bytes.count()
        }
    }
}

/// Makes a line with a key of the wire format, for tests.
#[cfg(test)]
pub(crate) fn line(algorithm: &str, parts: &[&[u8]]) -> String {
    let strings = std::iter::once(algorithm.as_bytes()).chain(parts.iter().copied());
    let blob: Vec<u8> = strings
        .flat_map(|part| {
            let length = u32::try_from(part.len()).expect("test keys are short").to_be_bytes();
            length.into_iter().chain(part.iter().copied()).collect::<Vec<_>>()
        })
        .collect();
    format!("{algorithm} {}", STANDARD.encode(blob))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_keys_are_understood() {
        let key = parse(&line("ssh-ed25519", &[&[7; 32]])).unwrap();
        assert_eq!((key.algorithm.as_str(), key.bits), ("ssh-ed25519", None));
        let modulus = [&[0_u8][..], &[0x80; 384]].concat();
        let key = parse(&line("ssh-rsa", &[&[1, 0, 1], &modulus])).unwrap();
        assert_eq!(key.bits, Some(3072));
        let token = line("sk-ssh-ed25519@openssh.com", &[&[7; 32], b"ssh:"]);
        assert!(parse(&(token + " ana@laptop with spaces")).is_ok());
    }

    #[test]
    fn what_is_wrong_is_said() {
        let check = |line: &str, expected: &str| {
            assert_eq!(parse(line).unwrap_err().to_string(), expected);
        };
        check(
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            "it is a private key, and compromised from now on",
        );
        check("no-pty ssh-ed25519 AAAA", "it begins with options of `authorized_keys`");
        check("ssh-ed25519 !!!", "what follows the type is not base64");
        check("ssh-ed25519", "there is no key after the type");
        check("ssh-ed255 AAAA", "`ssh-ed255` is not a type of SSH keys");
        check(&line("ssh-ed25519", &[&[7; 31]]), "a part of it was lost when it was copied");
        check(&line("ssh-ed25519", &[&[7; 32], &[1]]), "a part of it was lost when it was copied");
        let mixed = line("ssh-ed25519", &[&[7; 32]]).replacen("ssh-ed25519", "ssh-rsa", 1);
        check(&mixed, "it says `ssh-rsa`, but the key inside is `ssh-ed25519`");
    }

    proptest! {
        #[test]
        fn no_line_panics(line in "(ssh-(rsa|ed25519|dss) )?[A-Za-z0-9+/=]{0,80}") {
            let parsed = parse(&line);
            prop_assert!(parsed.is_ok() || !parsed.unwrap_err().to_string().is_empty());
        }
    }
}
