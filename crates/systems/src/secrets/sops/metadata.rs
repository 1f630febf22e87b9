//! What a SOPS file says about itself, readable without any key: who can open it, when it was changed, what is sealed.

use std::fmt;

use jiff::Timestamp;
use regex::Regex;

use super::tree::Node;

/// The key under which the metadata stand.
pub(super) const KEY: &str = "sops";

/// The end of a key whose value stays readable, unless the file says otherwise.
const UNENCRYPTED: &str = "_unencrypted";

/// Somebody or something that can open a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeper {
    /// An age recipient, with the file's key wrapped for it.
    Age {
        /// The public key.
        recipient: String,
        /// The file's key, encrypted.
        wrapped: String,
    },
    /// A key of another sort, which is named and not used: its sort, and its name there.
    Other {
        /// Such as `AWS KMS`.
        sort: &'static str,
        /// Such as an ARN.
        name: String,
    },
}

impl fmt::Display for Keeper {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Age { recipient, .. } => write!(formatter, "age {recipient}"),
            Self::Other { sort, name } => write!(formatter, "{sort} {name}"),
        }
    }
}

/// The metadata of a file.
#[derive(Debug, Clone)]
pub struct Metadata {
    /// Who can open it.
    pub keepers: Vec<Keeper>,
    /// When a value was changed last.
    pub last_modified: Timestamp,
    pub(super) modified_text: String,
    pub(super) mac: String,
    pub(super) mac_only_encrypted: bool,
    pub(super) shared: bool,
    selection: Selection,
}

/// Which values are sealed, by the keys above them.
#[derive(Debug, Clone)]
enum Selection {
    AllButSuffix(String),
    OnlySuffix(String),
    AllButKeys(Regex),
    OnlyKeys(Regex),
}

/// Where each sort of key is listed and which fields name it.
const OTHERS: [(&str, &str, &[&str]); 6] = [
    ("kms", "AWS KMS", &["arn"]),
    ("gcp_kms", "GCP KMS", &["resource_id"]),
    ("azure_kv", "Azure Key Vault", &["vault_url", "name", "version"]),
    ("hc_vault", "Vault transit", &["vault_address", "engine_path", "key_name"]),
    ("hckms", "Huawei KMS", &["key_id"]),
    ("pgp", "PGP", &["fp"]),
];

impl Metadata {
    /// Reads them. The error is a sentence's end: "it …".
    pub(super) fn read(root: &Node) -> Result<Self, String> {
        let node = root.get(KEY).ok_or(
            "has no `sops` section, so it is not encrypted; run `sops encrypt` on it first",
        )?;
        let text = |key: &str| node.get(key).and_then(Node::text);
        let mac = text("mac").ok_or("has no authentication code")?;
        let modified = text("lastmodified").ok_or("does not say when it was changed")?;
        let last_modified = modified.parse();
        let is_true = |key: &str| text(key).is_some_and(|word| word.eq_ignore_ascii_case("true"));
        let groups = node.get("key_groups").map_or(&[][..], Node::items);
        let mut keepers = keepers(node);
        keepers.extend(groups.iter().flat_map(self::keepers));
        Ok(Self {
            keepers,
            last_modified: last_modified
                .map_err(|_| format!("was changed at `{modified}`, which is no time"))?,
            modified_text: modified.to_owned(),
            mac: mac.to_owned(),
            mac_only_encrypted: is_true("mac_only_encrypted"),
            shared: groups.len() > 1,
            selection: Selection::read(&text)?,
        })
    }

    /// Says whether the value below these keys is sealed.
    pub(super) fn seals(&self, path: &[String]) -> bool {
        let any_ends = |suffix: &String| path.iter().any(|key| key.ends_with(suffix.as_str()));
        let any_matches = |regex: &Regex| path.iter().any(|key| regex.is_match(key));
        match &self.selection {
            Selection::AllButSuffix(suffix) => !any_ends(suffix),
            Selection::OnlySuffix(suffix) => any_ends(suffix),
            Selection::AllButKeys(regex) => !any_matches(regex),
            Selection::OnlyKeys(regex) => any_matches(regex),
        }
    }
}

impl Selection {
    fn read<'n>(text: &impl Fn(&str) -> Option<&'n str>) -> Result<Self, String> {
        let regex = |shape: &str| {
            Regex::new(shape).map_err(|_| {
                format!("chooses what is sealed by `{shape}`, which is no expression that we know")
            })
        };
        let given = |key: &str| text(key).filter(|value| !value.is_empty());
        for key in ["encrypted_comment_regex", "unencrypted_comment_regex"] {
            if given(key).is_some() {
                return Err(format!(
                    "chooses what is sealed by comments (`{key}`), which only SOPS itself can follow"
                ));
            }
        }
        if let Some(shape) = given("encrypted_regex") {
            return regex(shape).map(Self::OnlyKeys);
        }
        if let Some(shape) = given("unencrypted_regex") {
            return regex(shape).map(Self::AllButKeys);
        }
        if let Some(suffix) = given("encrypted_suffix") {
            return Ok(Self::OnlySuffix(suffix.to_owned()));
        }
        Ok(Self::AllButSuffix(given("unencrypted_suffix").unwrap_or(UNENCRYPTED).to_owned()))
    }
}

/// The keepers that a section lists.
fn keepers(node: &Node) -> Vec<Keeper> {
    let items = |key: &str| node.get(key).map_or(&[][..], Node::items).iter();
    let field = |item: &Node, key: &str| item.get(key).and_then(Node::text).map(str::to_owned);
    let ages = items("age").filter_map(|item| {
        Some(Keeper::Age { recipient: field(item, "recipient")?, wrapped: field(item, "enc")? })
    });
    let others = OTHERS.iter().flat_map(|(key, sort, fields)| {
        items(key).map(move |item| {
            let name: Vec<String> = fields.iter().filter_map(|key| field(item, key)).collect();
            Keeper::Other { sort, name: name.join(" ") }
        })
    });
    ages.chain(others).collect()
}
