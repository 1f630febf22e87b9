//! Sealed values: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]`.
//!
//! The nonce has 32 bytes, which SOPS has done since its beginnings; the path of the value is bound in, so that a sealed
//! value moved to another place does not open.

use aes_gcm::AesGcm;
use aes_gcm::aead::consts::U32;
use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::aes::Aes256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// The key of a file.
pub(super) type DataKey = Zeroizing<[u8; 32]>;

/// The length of the tag.
const TAG: usize = 16;

/// What a value was before it was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Integer,
    Float,
    Boolean,
    Bytes,
    Time,
    Comment,
}

/// The words for the types, as they stand in a sealed value.
const TYPES: [(Type, &str); 7] = [
    (Type::Text, "str"),
    (Type::Integer, "int"),
    (Type::Float, "float"),
    (Type::Boolean, "bool"),
    (Type::Bytes, "bytes"),
    (Type::Time, "time"),
    (Type::Comment, "comment"),
];

impl Type {
    fn word(self) -> &'static str {
        TYPES.iter().find(|(sort, _)| *sort == self).map_or("str", |(_, word)| word)
    }

    /// Says whether a new text can stand for a value of the type.
    pub(super) fn fits(self, text: &str) -> bool {
        match self {
            Self::Integer => text.parse::<i64>().is_ok_and(|number| number.to_string() == text),
            Self::Float => text.parse::<f64>().is_ok_and(|number| number.to_string() == text),
            Self::Boolean => matches!(text, "True" | "False"),
            Self::Text | Self::Bytes | Self::Time | Self::Comment => true,
        }
    }
}

/// A sealed value, taken apart.
pub(super) struct Sealed {
    data: Vec<u8>,
    nonce: [u8; 32],
    /// What it was.
    pub(super) sort: Type,
}

impl Sealed {
    /// Takes a sealed value apart; `None` when the text is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let inner = text.strip_prefix("ENC[AES256_GCM,data:")?.strip_suffix(']')?;
        let (data, rest) = inner.split_once(",iv:")?;
        let (nonce, rest) = rest.split_once(",tag:")?;
        let (tag, word) = rest.split_once(",type:")?;
        let mut data = STANDARD.decode(data).ok()?;
        let tag = STANDARD.decode(tag).ok().filter(|tag| tag.len() == TAG)?;
        data.extend(tag);
        let (sort, _) = TYPES.iter().find(|(_, known)| *known == word)?;
        Some(Self { data, nonce: STANDARD.decode(nonce).ok()?.try_into().ok()?, sort: *sort })
    }

    /// Opens it; `None` when the key, the place or a byte is not the one it was sealed with.
    pub(super) fn open(&self, key: &DataKey, place: &str) -> Option<Zeroizing<String>> {
        let payload = Payload { msg: &self.data, aad: place.as_bytes() };
        let opened = cipher(key).decrypt(&self.nonce.into(), payload).ok()?;
        String::from_utf8(opened).ok().map(Zeroizing::new)
    }
}

/// Seals a text for a place under a nonce that is never used again.
pub(super) fn seal(
    key: &DataKey,
    nonce: [u8; 32],
    place: &str,
    (text, sort): (&str, Type),
) -> String {
    let payload = Payload { msg: text.as_bytes(), aad: place.as_bytes() };
    let sealed = cipher(key)
        .encrypt(&nonce.into(), payload)
        .expect("BUG: values are far shorter than the 64 GiB that AES-GCM takes");
    let (data, tag) = sealed.split_at(sealed.len() - TAG);
    let encode = |bytes: &[u8]| STANDARD.encode(bytes);
    format!(
        "ENC[AES256_GCM,data:{},iv:{},tag:{},type:{}]",
        encode(data),
        encode(&nonce),
        encode(tag),
        sort.word()
    )
}

fn cipher(key: &DataKey) -> AesGcm<Aes256, U32> {
    AesGcm::new(&(**key).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_opens_at_its_place_with_its_key_and_nowhere_else() {
        let key = Zeroizing::new([7; 32]);
        let text = seal(&key, [1; 32], "db:password:", ("canary", Type::Text));
        let sealed = Sealed::read(&text).unwrap();
        assert_eq!(sealed.sort, Type::Text);
        assert_eq!(
            sealed.open(&key, "db:password:").as_deref().map(String::as_str),
            Some("canary")
        );
        assert!(sealed.open(&key, "db:user:").is_none());
        assert!(sealed.open(&Zeroizing::new([8; 32]), "db:password:").is_none());
    }

    #[test]
    fn what_is_not_sealed_is_not_taken_for_it() {
        for text in ["", "ENC[]", "ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]", "plain"] {
            assert!(Sealed::read(text).is_none(), "{text}");
        }
    }
}
