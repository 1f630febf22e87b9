//! A file: parsed, unlocked with age keys, checked by its authentication code, and changed one value at a time.

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha512};
use zeroize::Zeroizing;

use super::cipher::{DataKey, Sealed, Type};
use super::edit;
use super::metadata::{KEY, Keeper, Metadata};
use super::tree::{self, Node, Shape};
use crate::secrets::age::{self, AgeError, Identity};

/// What the code begins with when it covers sealed values alone, so that it never equals one over all values.
const ONLY_ENCRYPTED: [u8; 32] = [
    0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52, 0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0x0b,
    0x0b, 0x97, 0x5b, 0x3b, 0xf4, 0x4f, 0x72, 0xc6, 0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69,
];

/// A SOPS file could not be used. No message holds a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SopsError {
    /// It is no SOPS file, or one that we cannot follow.
    #[error("it {0}")]
    NotSops(String),
    /// No key that we were given is one of its keepers.
    #[error("no age key of ours opens it; it can be opened by: {keepers}")]
    Locked {
        /// Everybody who can.
        keepers: String,
        /// Why the last of our keys did not.
        why: Option<AgeError>,
    },
    /// One value does not open.
    #[error(
        "the value at `{0}` does not open: it was moved, changed or is not sealed; restore the file from Git"
    )]
    Value(String),
    /// The code does not fit the values.
    #[error(
        "its authentication code does not fit: somebody changed it without the key; restore the file from Git, or find out who and why"
    )]
    Changed,
    /// What should be set cannot be.
    #[error("{0}")]
    CannotSet(String),
    /// The system has no randomness to give.
    #[error("the system gave no random bytes")]
    Random,
}

/// A file that was parsed and not opened.
#[derive(Debug, Clone)]
pub struct SopsFile {
    pub(super) text: String,
    pub(super) root: Node,
    metadata: Metadata,
}

/// A file that was opened: its key and its values.
pub struct Unlocked {
    file: SopsFile,
    key: DataKey,
    leaves: Vec<Leaf>,
}

/// One value.
struct Leaf {
    path: String,
    value: SecretString,
}

impl SopsFile {
    /// Parses a file of YAML or JSON.
    ///
    /// # Errors
    /// When it is no SOPS file.
    pub fn parse(text: &str) -> Result<Self, SopsError> {
        let root = tree::read(text).map_err(SopsError::NotSops)?;
        let metadata = Metadata::read(&root).map_err(SopsError::NotSops)?;
        Ok(Self { text: text.to_owned(), root, metadata })
    }

    /// What it says about itself.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Opens it with whichever key fits, and checks its code.
    ///
    /// # Errors
    /// When no key fits, or the file was changed without one.
    pub fn unlock(self, identities: &[Identity]) -> Result<Unlocked, SopsError> {
        let key = self.data_key(identities)?;
        let (leaves, code) = self.open(&key)?;
        let sealed = Sealed::read(&self.metadata.mac).ok_or(SopsError::Changed)?;
        let expected = sealed.open(&key, &self.metadata.modified_text).ok_or(SopsError::Changed)?;
        if *expected != code {
            return Err(SopsError::Changed);
        }
        Ok(Unlocked { file: self, key, leaves })
    }

    fn data_key(&self, identities: &[Identity]) -> Result<DataKey, SopsError> {
        if self.metadata.shared {
            return Err(SopsError::NotSops(
                "shares its key between groups, which only SOPS itself can put together".to_owned(),
            ));
        }
        let mut why = None;
        for keeper in &self.metadata.keepers {
            let Keeper::Age { wrapped, .. } = keeper else { continue };
            match age::decrypt(wrapped, identities) {
                Ok(key) => {
                    let key = key.as_slice().try_into().map(Zeroizing::new);
                    return key.map_err(|_| {
                        SopsError::NotSops("has a key of another length than 32 bytes".to_owned())
                    });
                }
                Err(error) => why = Some(error),
            }
        }
        let keepers: Vec<String> = self.metadata.keepers.iter().map(Keeper::to_string).collect();
        Err(SopsError::Locked { keepers: keepers.join(", "), why })
    }

    /// Opens every value in the order of the file, and computes the code over them.
    fn open(&self, key: &DataKey) -> Result<(Vec<Leaf>, String), SopsError> {
        let only_sealed = self.metadata.mac_only_encrypted;
        let mut opening =
            Opening { metadata: &self.metadata, key, hash: Sha512::new(), leaves: Vec::new() };
        if only_sealed {
            opening.hash.update(ONLY_ENCRYPTED);
        }
        for entry in self.root.entries().iter().filter(|entry| entry.key != KEY) {
            let mut path = vec![entry.key.clone()];
            opening.walk(&entry.value, &mut path, &entry.key)?;
        }
        let code = opening.hash.finalize();
        let code = code.iter().map(|byte| format!("{byte:02X}")).collect();
        Ok((opening.leaves, code))
    }
}

struct Opening<'f> {
    metadata: &'f Metadata,
    key: &'f DataKey,
    hash: Sha512,
    leaves: Vec<Leaf>,
}

impl Opening<'_> {
    /// Walks a value; `path` are the keys above it, which are bound into what is sealed, and `shown` has the numbers of
    /// list items too.
    fn walk(&mut self, node: &Node, path: &mut Vec<String>, shown: &str) -> Result<(), SopsError> {
        match &node.shape {
            Shape::Map { entries, .. } => {
                for entry in entries {
                    path.push(entry.key.clone());
                    self.walk(&entry.value, path, &format!("{shown}.{}", entry.key))?;
                    path.pop();
                }
            }
            Shape::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.walk(item, path, &format!("{shown}.{at}"))?;
                }
            }
            Shape::Scalar { text, plain } => self.leaf((text, *plain), path, shown)?,
        }
        Ok(())
    }

    fn leaf(
        &mut self,
        (text, plain): (&str, bool),
        path: &[String],
        shown: &str,
    ) -> Result<(), SopsError> {
        let is_sealed = self.metadata.seals(path);
        let value = if is_sealed && !text.is_empty() && !is_null(text, plain) {
            let sealed = Sealed::read(text).ok_or_else(|| SopsError::Value(shown.to_owned()))?;
            let place = format!("{}:", path.join(":"));
            sealed.open(self.key, &place).ok_or_else(|| SopsError::Value(shown.to_owned()))?
        } else if is_null(text, plain) {
            return Ok(());
        } else {
            Zeroizing::new(readable(text, plain))
        };
        if is_sealed || !self.metadata.mac_only_encrypted {
            self.hash.update(value.as_bytes());
        }
        self.leaves.push(Leaf { path: shown.to_owned(), value: value.as_str().into() });
        Ok(())
    }
}

fn is_null(text: &str, plain: bool) -> bool {
    plain && matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// A readable value as the code covers it: booleans in SOPS's old spelling, numbers and dates in one spelling each.
fn readable(text: &str, plain: bool) -> String {
    if !plain {
        return text.to_owned();
    }
    match text {
        "true" | "True" | "TRUE" => return "True".to_owned(),
        "false" | "False" | "FALSE" => return "False".to_owned(),
        _ => {}
    }
    if let Ok(number) = text.parse::<i64>() {
        return number.to_string();
    }
    let digits = text.trim_start_matches(['-', '+', '.']);
    if digits.starts_with(|first: char| first.is_ascii_digit())
        && let Ok(number) = text.parse::<f64>()
    {
        return number.to_string();
    }
    if text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok() {
        return format!("{text}T00:00:00Z");
    }
    text.to_owned()
}

impl Unlocked {
    /// The paths of all values, in the order of the file: `database.password`, `tokens.0`.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.leaves.iter().map(|leaf| leaf.path.as_str())
    }

    /// The value at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&SecretString> {
        self.leaves.iter().find(|leaf| leaf.path == path).map(|leaf| &leaf.value)
    }

    /// Sets the value at a path, which may be new below a map that is there, and returns the whole file, sealed. The
    /// values that were there stay as they are, byte for byte.
    ///
    /// # Errors
    /// When the path leads to no value, or to one that the file keeps readable.
    pub fn set(
        &self,
        path: &str,
        value: &SecretString,
        now: Timestamp,
    ) -> Result<String, SopsError> {
        if value.expose_secret().is_empty() {
            return Err(SopsError::CannotSet(
                "an empty value would not be sealed; give it some characters".to_owned(),
            ));
        }
        let text = value.expose_secret();
        let seal = |sort: Type, keys: &[String]| {
            if !self.file.metadata.seals(keys) {
                return Err(SopsError::CannotSet(format!(
                    "`{path}` is kept readable by the file's own rules; a secret would stand there in plain text"
                )));
            }
            let sort = if sort.fits(text) { sort } else { Type::Text };
            let place = format!("{}:", keys.join(":"));
            Ok(super::cipher::seal(&self.key, random()?, &place, (text, sort)))
        };
        let changed = edit::put(&self.file, path, seal)?;
        self.sign(&changed, now)
    }

    /// Computes the code of a changed file and puts it in, with the time.
    fn sign(&self, text: &str, now: Timestamp) -> Result<String, SopsError> {
        let file = SopsFile::parse(text)?;
        let (_, code) = file.open(&self.key)?;
        let time = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let sealed = super::cipher::seal(&self.key, random()?, &time, (&code, Type::Text));
        let node = |key: &str| file.root.get(KEY).and_then(|section| section.get(key));
        let (Some(mac), Some(modified)) = (node("mac"), node("lastmodified")) else {
            return Err(SopsError::NotSops("lost its metadata".to_owned()));
        };
        let mut text = text.to_owned();
        let mut both = [(mac.range.clone(), sealed), (modified.range.clone(), time)];
        // From the end, so that the first splice does not move the second.
        both.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        for (range, new) in both {
            edit::splice(&mut text, range, &new);
        }
        Ok(text)
    }
}

impl std::fmt::Debug for Unlocked {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.paths()).finish()
    }
}

fn random() -> Result<[u8; 32], SopsError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| SopsError::Random)?;
    Ok(bytes)
}
