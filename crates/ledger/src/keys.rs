//! The ledger's two secrets: one signs checkpoints, one wraps the keys under which texts are sealed.
//!
//! They live in a small text file beside the ledger that only its owner can read, or come from the caller (a
//! secret store). They are apart from the database on purpose: a copy of the database alone can neither forge a
//! checkpoint nor read a sealed text.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::SigningKey;
use zeroize::{Zeroize as _, Zeroizing};

/// First line of a key file.
const TITLE: &str = "council-ledger-keys/1";

/// The secrets of a ledger.
#[derive(Clone)]
pub struct Keys {
    pub(crate) signing: SigningKey,
    pub(crate) sealing: Zeroizing<[u8; 32]>,
}

/// The public half of a signing key, by which a checkpoint's signature is checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

/// Says why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file could not be read or written.
    #[error("the key file `{path}` could not be read or written")]
    Io {
        /// The file.
        path: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// Others can read the file.
    #[error("the key file `{path}` can be read by others (mode {mode:o}); run `chmod 600` on it")]
    TooOpen {
        /// The file.
        path: String,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is not a key file.
    #[error("`{path}` is not a key file of a ledger: {why}; restore it from your backup")]
    Malformed {
        /// The file.
        path: String,
        /// What was seen.
        why: &'static str,
    },
    /// The system has no randomness to give.
    #[error("the system gave no random bytes for a new key")]
    Random(#[source] getrandom::Error),
}

/// Fills an array with the system's randomness.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

impl Keys {
    /// Makes new keys from the system's randomness.
    ///
    /// # Errors
    /// When there is none.
    pub fn generate() -> Result<Self, KeyError> {
        let mut seed: [u8; 32] = random().map_err(KeyError::Random)?;
        let sealing = Zeroizing::new(random().map_err(KeyError::Random)?);
        let signing = SigningKey::from_bytes(&seed);
        seed.zeroize();
        Ok(Self { signing, sealing })
    }

    /// The public half of the signing key: note it somewhere else, to check the ledger with later.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.signing.verifying_key().to_bytes())
    }

    /// Reads a key file, or creates it with new keys if there is none.
    ///
    /// # Errors
    /// When it cannot be read or created, others can read it, or it is not a key file.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        if let Some(keys) = Self::load(path)? {
            return Ok(keys);
        }
        let keys = Self::generate()?;
        let failed = |source| KeyError::Io { path: path.display().to_string(), source };
        keys.create(path).map_err(failed)?;
        Ok(keys)
    }

    /// Reads a key file, if there is one.
    ///
    /// # Errors
    /// When it cannot be read, others can read it, or it is not a key file.
    pub fn load(path: &Path) -> Result<Option<Self>, KeyError> {
        let shown = path.display().to_string();
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(KeyError::Io { path: shown, source }),
        };
        refuse_readable_by_others(&file, &shown)?;
        let mut text = Zeroizing::new(String::new());
        match file.read_to_string(&mut text) {
            Ok(_) => {
                Self::parse(&text).map(Some).map_err(|why| KeyError::Malformed { path: shown, why })
            }
            Err(source) => Err(KeyError::Io { path: shown, source }),
        }
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        let mut lines = text.lines();
        if lines.next() != Some(TITLE) {
            return Err("the first line does not name the format");
        }
        let mut secret = |label| -> Result<Zeroizing<[u8; 32]>, &'static str> {
            let line = lines.next().ok_or("a line is missing")?;
            let encoded = line.strip_prefix(label).ok_or("a line has the wrong label")?;
            let bytes = Zeroizing::new(BASE64.decode(encoded).map_err(|_| "a key is not base64")?);
            let array = bytes.as_slice().try_into().map_err(|_| "a key is not 32 bytes long")?;
            Ok(Zeroizing::new(array))
        };
        let (seed, sealing) = (secret("sign ")?, secret("seal ")?);
        Ok(Self { signing: SigningKey::from_bytes(&seed), sealing })
    }

    fn create(&self, path: &Path) -> std::io::Result<()> {
        let text = Zeroizing::new(format!(
            "{TITLE}\nsign {}\nseal {}\n",
            BASE64.encode(self.signing.to_bytes()),
            BASE64.encode(self.sealing.as_slice())
        ));
        // Under another name first: a crash must not leave half a key file that can never be made again.
        let unfinished = crate::sqlite::beside(path, "-new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&unfinished, path)?;
        sync_directory_of(path)
    }
}

/// Makes the names in a file's directory durable: an fsync of a file does not cover its name.
pub(crate) fn sync_directory_of(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        Some(_) | None => File::open(".")?.sync_all(),
    }
}

#[cfg(unix)]
fn refuse_readable_by_others(file: &File, path: &str) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata =
        file.metadata().map_err(|source| KeyError::Io { path: path.to_owned(), source })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyError::TooOpen { path: path.to_owned(), mode });
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_file: &File, _path: &str) -> Result<(), KeyError> {
    Ok(())
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("public", &self.public()).finish_non_exhaustive()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for PublicKey {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, &'static str> {
        let bytes = BASE64.decode(text).map_err(|_| "a public key is written in base64")?;
        bytes.try_into().map(Self).map_err(|_| "a public key is 32 bytes long")
    }
}

impl serde::Serialize for PublicKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for PublicKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
