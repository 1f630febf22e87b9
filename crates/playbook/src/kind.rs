//! What a kind is: a name that files use, a Rust type, a schema, and how a document becomes the type.

use std::any::Any;
use std::fmt::Debug;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

use crate::Use;
use crate::lower::{Input, LowerError};

/// A kind of resource that the playbook may declare under `apiVersion: council/v1`.
///
/// The doc comment of the implementing type is the kind's manual page: it reaches the JSON Schema,
/// the editor's hover and `council explain`. Implement it with [`kind!`](crate::kind).
pub trait Kind: DeserializeOwned + JsonSchema + Debug + Send + Sync + 'static {
    /// The name in `kind:`, such as `DecisionType`.
    const NAME: &'static str;
    /// The name in references, such as `decision-type`.
    const SLUG: &'static str;
    /// What tells the deserializer that a string is a reference to this kind. Made by [`kind!`](crate::kind).
    const TOKEN: &'static str;
}

/// Implements [`Kind`](crate::Kind) for a type: `kind!(DecisionType, "decision-type");`.
#[macro_export]
macro_rules! kind {
    ($type:ident, $slug:literal) => {
        impl $crate::Kind for $type {
            const NAME: &'static str = stringify!($type);
            const SLUG: &'static str = $slug;
            const TOKEN: &'static str = concat!("$council/reference/", $slug);
        }
    };
}

/// A foreign document that is read as it stands and becomes one of our kinds, as a Backstage
/// Component becomes a Service.
pub trait Foreign: DeserializeOwned + JsonSchema + Debug + 'static {
    /// The document's `apiVersion`, such as `backstage.io/v1alpha1`.
    const API_VERSION: &'static str;
    /// The document's `kind`, such as `Component`.
    const KIND: &'static str;
    /// What it becomes. For a kind that has no counterpart it is a type of its own.
    type Becomes: Kind;

    /// How the document is known where its format has no envelope of `apiVersion` and `kind`.
    const BARE: Option<Bare> = None;

    /// Translates the document's `spec`.
    fn adopt(self) -> Self::Becomes;

    /// The references that the document makes in its own syntax, such as `group:default/payments`,
    /// so that they are resolved like everybody else's. Fields of type `Ref` are noted by themselves.
    fn references(&self) -> Vec<Use> {
        Vec::new()
    }
}

/// How a document without an envelope is known: by one key and its value. The whole document is the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bare {
    /// The key, such as `version`.
    pub key: &'static str,
    /// Its value, such as `prometheus/v1`.
    pub value: &'static str,
    /// The key whose value is the resource's name.
    pub name: &'static str,
}

/// A Markdown file that is a resource by itself, as a MADR decision record is.
///
/// The type is read from the front matter; the rest of the file is handed to [`attach`](Self::attach).
pub trait DocumentKind: Kind {
    /// Says whether a file is of this kind, by its path (relative, `/`) and the keys of its front matter.
    fn claims(path: &str, front_matter_keys: &[&str]) -> bool;

    /// Takes what stands outside the front matter: the text of the first heading, and the Markdown
    /// text after it (or all of it, when the text does not begin with a heading).
    fn attach(&mut self, title: Option<&str>, body: &str);
}

/// What the vocabulary knows of a kind at run time.
#[derive(Clone, Copy)]
pub struct KindInfo {
    /// `council/v1`, or the foreign document's version.
    pub api_version: &'static str,
    /// The name in `kind:`.
    pub name: &'static str,
    /// The name in references; foreign kinds share the slug of what they become.
    pub slug: &'static str,
    /// Makes the JSON Schema of `spec` with the generator's settings.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
    /// Lowers one document.
    pub(crate) lower: fn(Input<'_>) -> Result<Box<dyn Any + Send + Sync>, LowerError>,
    /// For kinds that are Markdown files: which files.
    pub(crate) claims: Option<fn(&str, &[&str]) -> bool>,
    /// For documents without an envelope: how they are known.
    pub bare: Option<Bare>,
}

impl Debug for KindInfo {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.api_version, self.name)
    }
}

impl KindInfo {
    pub(crate) fn native<K: Kind>() -> Self {
        Self {
            api_version: crate::vocabulary::API_VERSION,
            name: K::NAME,
            slug: K::SLUG,
            schema: SchemaGenerator::subschema_for::<K>,
            lower: |input| Ok(Box::new(input.read::<K>()?)),
            claims: None,
            bare: None,
        }
    }

    /// Says whether it is another ecosystem's document, read as it stands.
    pub fn is_foreign(&self) -> bool {
        self.api_version != crate::vocabulary::API_VERSION
    }

    /// Says whether its resources are Markdown files, whose fields stand in the front matter.
    pub fn is_document(&self) -> bool {
        self.claims.is_some()
    }

    pub(crate) fn foreign<F: Foreign>() -> Self {
        Self {
            api_version: F::API_VERSION,
            name: F::KIND,
            slug: <F::Becomes as Kind>::SLUG,
            schema: SchemaGenerator::subschema_for::<F>,
            lower: |input| {
                let document = input.read::<F>()?;
                input.notes.uses.borrow_mut().extend(document.references());
                Ok(Box::new(document.adopt()))
            },
            claims: None,
            bare: F::BARE,
        }
    }

    pub(crate) fn document<D: DocumentKind>() -> Self {
        Self {
            lower: |input| {
                let mut document = input.read::<D>()?;
                document.attach(input.title, input.body);
                Ok(Box::new(document))
            },
            claims: Some(D::claims),
            ..Self::native::<D>()
        }
    }
}
