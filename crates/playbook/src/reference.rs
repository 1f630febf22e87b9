//! References: `kind/name` strings, typed by the field they stand in.
//!
//! A [`Ref<Seat>`] accepts `seat/network-security` and the bare `network-security`; a [`OneOf`]
//! accepts several kinds and therefore needs the prefix. Both keep the span of the string, so that
//! a dangling reference is reported exactly where it stands.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use diag::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::Kind;

/// A reference as it was found in a document, before anybody looked whether its target exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Where the string stands in its file.
    pub span: Span,
    /// The slugs that the field accepts; none means any.
    pub accepts: &'static [&'static str],
    /// The slug that was written or implied; `None` when a field of several kinds got a bare name.
    pub slug: Option<Arc<str>>,
    /// The name.
    pub name: Arc<str>,
}

/// A reference to a resource of one kind.
pub struct Ref<K> {
    name: Arc<str>,
    span: Span,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Ref<K> {
    /// Makes a reference that stands in no file, for tests and for names from the command line.
    pub fn to(name: impl Into<Arc<str>>) -> Self {
        Self::at(name, Span::default())
    }

    /// Makes a reference that was written in a foreign syntax at a span.
    pub fn at(name: impl Into<Arc<str>>, span: Span) -> Self {
        Self { name: name.into(), span, kind: PhantomData }
    }

    /// The name without the kind.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it stands in its file.
    pub fn span(&self) -> Span {
        self.span
    }
}

/// A family of kinds that one field accepts, such as everything that can be accountable.
pub trait Family: 'static {
    /// The slugs accepted, in the order in which messages name them.
    const SLUGS: &'static [&'static str];
    /// Tells the deserializer; made by [`family!`](crate::family).
    const TOKEN: &'static str;
}

/// Declares a family: `family!(/// doc pub Holder = "seat" | "team" | "person");`.
#[macro_export]
macro_rules! family {
    ($(#[$meta:meta])* $visibility:vis $name:ident = $first:literal $(| $slug:literal)*) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility struct $name;
        impl $crate::Family for $name {
            const SLUGS: &'static [&'static str] = &[$first $(, $slug)*];
            const TOKEN: &'static str = concat!("$council/reference/", $first $(, "|", $slug)*);
        }
    };
}

/// A reference to a resource of any kind of a family; always written with its kind.
pub struct OneOf<F> {
    slug: Arc<str>,
    name: Arc<str>,
    span: Span,
    family: PhantomData<fn() -> F>,
}

impl<F: Family> OneOf<F> {
    /// Makes a reference that stands in no file.
    pub fn to(slug: impl Into<Arc<str>>, name: impl Into<Arc<str>>) -> Self {
        Self::at(slug, name, Span::default())
    }

    /// Makes a reference that was written in a foreign syntax at a span.
    pub fn at(slug: impl Into<Arc<str>>, name: impl Into<Arc<str>>, span: Span) -> Self {
        Self { slug: slug.into(), name: name.into(), span, family: PhantomData }
    }

    /// The kind's slug, such as `seat`.
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// The name without the kind.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it stands in its file.
    pub fn span(&self) -> Span {
        self.span
    }
}

/// The three values that the deserializer hands over for a reference: start, end, `kind/name`.
struct ReferenceVisitor;

impl<'de> Visitor<'de> for ReferenceVisitor {
    type Value = (Span, Option<Arc<str>>, Arc<str>);

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a reference such as `seat/network-security`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let missing = || serde::de::Error::custom("BUG: a reference has three parts");
        let start = parts.next_element()?.ok_or_else(missing)?;
        let end = parts.next_element()?.ok_or_else(missing)?;
        let text: String = parts.next_element()?.ok_or_else(missing)?;
        let (slug, name) = split(&text);
        Ok((Span::new(start, end), slug.map(Arc::from), Arc::from(name)))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let (slug, name) = split(text);
        Ok((Span::default(), slug.map(Arc::from), Arc::from(name)))
    }
}

/// Splits `seat/network` into its kind and name; a bare name has no kind.
pub(crate) fn split(text: &str) -> (Option<&str>, &str) {
    match text.split_once('/') {
        Some((slug, name)) => (Some(slug), name),
        None => (None, text),
    }
}

impl<'de, K: Kind> Deserialize<'de> for Ref<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (span, _, name) =
            deserializer.deserialize_newtype_struct(K::TOKEN, ReferenceVisitor)?;
        Ok(Self { name, span, kind: PhantomData })
    }
}

impl<'de, F: Family> Deserialize<'de> for OneOf<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (span, slug, name) =
            deserializer.deserialize_newtype_struct(F::TOKEN, ReferenceVisitor)?;
        Ok(Self { slug: slug.unwrap_or_else(|| "".into()), name, span, family: PhantomData })
    }
}

impl<K: Kind> JsonSchema for Ref<K> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("{}Reference", K::NAME).into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": format!("A reference to a {}: `{}/<name>`, or just the name.", K::NAME, K::SLUG),
            "pattern": format!("^({}/)?[a-z0-9][a-z0-9._-]*$", K::SLUG),
            "x-council-reference": [K::SLUG],
        })
    }
}

impl<F: Family> JsonSchema for OneOf<F> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("ReferenceTo_{}", F::SLUGS.join("_")).into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": format!("A reference with its kind, one of: {}.", F::SLUGS.join(", ")),
            "pattern": format!("^({})/[a-z0-9][a-z0-9._-]*$", F::SLUGS.join("|")),
            "x-council-reference": F::SLUGS,
        })
    }
}

impl<K: Kind> fmt::Display for Ref<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", K::SLUG, self.name)
    }
}

impl<F> fmt::Display for OneOf<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.slug, self.name)
    }
}

impl<K: Kind> fmt::Debug for Ref<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<F> fmt::Debug for OneOf<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<K: Kind> Serialize for Ref<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<F> Serialize for OneOf<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

// Identity is the name: where a reference stands does not make it another one.

impl<K> Clone for Ref<K> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), span: self.span, kind: PhantomData }
    }
}

impl<K> PartialEq for Ref<K> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<K> Eq for Ref<K> {}

impl<K> PartialOrd for Ref<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Ref<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(&other.name)
    }
}

impl<K> Hash for Ref<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl<F> Clone for OneOf<F> {
    fn clone(&self) -> Self {
        Self {
            slug: self.slug.clone(),
            name: self.name.clone(),
            span: self.span,
            family: PhantomData,
        }
    }
}

impl<F> PartialEq for OneOf<F> {
    fn eq(&self, other: &Self) -> bool {
        (&self.slug, &self.name) == (&other.slug, &other.name)
    }
}

impl<F> Eq for OneOf<F> {}

impl<F> PartialOrd for OneOf<F> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<F> Ord for OneOf<F> {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.slug, &self.name).cmp(&(&other.slug, &other.name))
    }
}
