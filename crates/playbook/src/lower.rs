//! From nodes to types: a serde deserializer over a document's tree that keeps spans.
//!
//! Two names are magic: a newtype called `$council/spanned` also gets its span, and one called
//! `$council/reference/<slugs>` is a reference, which is noted in the list of uses as it passes.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use diag::Span;
use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};

use crate::reference::{self, Use};
use crate::{Node, Value, spanned};

/// What a kind's lowering gets: the spec's node and, for Markdown files, the text after the front matter.
pub(crate) struct Input<'n> {
    pub(crate) node: &'n Node<'n>,
    pub(crate) uses: &'n RefCell<Vec<Use>>,
    pub(crate) title: Option<&'n str>,
    pub(crate) body: &'n str,
}

impl<'n> Input<'n> {
    pub(crate) fn read<T: Deserialize<'n>>(&self) -> Result<T, LowerError> {
        T::deserialize(Reader { node: self.node, uses: self.uses })
    }
}

/// Why a document is not of its kind's type, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowerError {
    /// Where; `None` until the innermost node that failed adds its own span.
    pub span: Option<Span>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A key that the kind does not have, with those that it has.
    UnknownField(String, &'static [&'static str]),
    /// A word that is none of the choices.
    UnknownVariant(String, &'static [&'static str]),
    /// A key that must be there.
    MissingField(&'static str),
    /// Any other mismatch, in words.
    Other(String),
}

impl LowerError {
    fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }

    fn new(problem: Problem) -> Self {
        Self { span: None, problem }
    }
}

impl fmt::Display for LowerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::UnknownField(name, _) => write!(formatter, "there is no field `{name}` here"),
            Problem::UnknownVariant(name, _) => write!(formatter, "`{name}` is not a choice here"),
            Problem::MissingField(name) => write!(formatter, "the field `{name}` is missing"),
            Problem::Other(message) => formatter.write_str(message),
        }
    }
}

impl std::error::Error for LowerError {}

impl de::Error for LowerError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Problem::Other(message.to_string()))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownField(field.to_owned(), expected))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownVariant(variant.to_owned(), expected))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Problem::MissingField(field))
    }
}

/// Reads one node.
#[derive(Clone, Copy)]
struct Reader<'n> {
    node: &'n Node<'n>,
    uses: &'n RefCell<Vec<Use>>,
}

impl<'n> Reader<'n> {
    fn to(self, node: &'n Node<'n>) -> Self {
        Self { node, uses: self.uses }
    }

    fn located<T>(self, result: Result<T, LowerError>) -> Result<T, LowerError> {
        result.map_err(|error| error.at(self.node.span))
    }

    fn mismatch<T>(self, visitor: &dyn de::Expected) -> Result<T, LowerError> {
        let found = match &self.node.value {
            Value::Scalar { text, .. } if text.is_empty() => "nothing".to_owned(),
            Value::Scalar { text, .. } => format!("`{text}`"),
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a map".to_owned(),
        };
        let problem = Problem::Other(format!("found {found} where {visitor} is expected"));
        Err(LowerError { span: Some(self.node.span), problem })
    }

    fn reference(self, token: &'static str) -> Result<&'n str, LowerError> {
        let Some(text) = self.node.text() else {
            return self.mismatch(&"a reference such as `seat/network-security`");
        };
        let accepts = accepted(token);
        let (slug, name) = reference::split(text);
        let slug = slug.or(if accepts.len() == 1 { Some(accepts[0]) } else { None });
        self.uses.borrow_mut().push(Use {
            span: self.node.span,
            accepts,
            slug: slug.map(Arc::from),
            name: Arc::from(name),
        });
        Ok(text)
    }
}

/// The slugs behind a token. Leaked once per distinct family, of which the binary has a few dozen.
fn accepted(token: &'static str) -> &'static [&'static str] {
    use std::collections::BTreeMap;
    use std::sync::Mutex;
    static KNOWN: Mutex<BTreeMap<&'static str, &'static [&'static str]>> =
        Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    known.entry(token).or_insert_with(|| {
        let slugs = token.strip_prefix("$council/reference/").unwrap_or(token);
        Vec::leak(slugs.split('|').collect())
    })
}

/// A scalar as YAML 1.2's core schema understands it.
enum Plain {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text,
}

fn resolve(text: &str, plain: bool) -> Plain {
    if !plain {
        return Plain::Text;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        _ if !text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) => {
            Plain::Text
        }
        _ => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(number), _) => Plain::Integer(number),
            (_, Ok(number)) if text.bytes().any(|byte| byte.is_ascii_digit()) => {
                Plain::Float(number)
            }
            _ => Plain::Text,
        },
    }
}

macro_rules! as_number {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, LowerError> {
            self.deserialize_any(visitor)
        })*
    };
}

impl<'n> Deserializer<'n> for Reader<'n> {
    type Error = LowerError;

    fn deserialize_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, LowerError> {
        self.located(match &self.node.value {
            Value::Scalar { text, plain } => match resolve(text, *plain) {
                Plain::Null => visitor.visit_unit(),
                Plain::Bool(value) => visitor.visit_bool(value),
                Plain::Integer(value) => visitor.visit_i64(value),
                Plain::Float(value) => visitor.visit_f64(value),
                Plain::Text => visitor.visit_borrowed_str(text),
            },
            Value::List(items) => visitor.visit_seq(Items { reader: self, items: items.iter() }),
            Value::Map(pairs) => {
                visitor.visit_map(Pairs { reader: self, pairs: pairs.iter(), value: None })
            }
        })
    }

    as_number! { deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
    deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
    deserialize_unit deserialize_seq deserialize_map }

    fn deserialize_str<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, LowerError> {
        match &self.node.value {
            Value::Scalar { text, plain } => match resolve(text, *plain) {
                Plain::Text => self.located(visitor.visit_borrowed_str(text)),
                Plain::Null | Plain::Bool(_) | Plain::Integer(_) | Plain::Float(_) => {
                    self.mismatch(&"text (put it in quotes)")
                }
            },
            Value::List(_) | Value::Map(_) => self.mismatch(&visitor),
        }
    }

    fn deserialize_string<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, LowerError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, LowerError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, LowerError> {
        match self.node.text() {
            Some(text) => self.located(visitor.visit_borrowed_str(text)),
            None => self.mismatch(&visitor),
        }
    }

    fn deserialize_bytes<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, LowerError> {
        self.mismatch(&visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, LowerError> {
        self.mismatch(&visitor)
    }

    fn deserialize_option<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, LowerError> {
        match &self.node.value {
            Value::Scalar { text, plain } if matches!(resolve(text, *plain), Plain::Null) => {
                visitor.visit_none()
            }
            Value::Scalar { .. } | Value::List(_) | Value::Map(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, LowerError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'n>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, LowerError> {
        if name == spanned::TOKEN {
            return visitor.visit_seq(Located { reader: self, reference: None, next: 0 });
        }
        if name.starts_with("$council/reference/") {
            let reference = Some(self.reference(name)?);
            return self.located(visitor.visit_seq(Located { reader: self, reference, next: 0 }));
        }
        self.located(visitor.visit_newtype_struct(self))
    }

    fn deserialize_tuple<V: Visitor<'n>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, LowerError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, LowerError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, LowerError> {
        match &self.node.value {
            Value::Map(_) => self.deserialize_any(visitor),
            Value::Scalar { .. } | Value::List(_) => self.mismatch(&"a map of fields"),
        }
    }

    fn deserialize_enum<V: Visitor<'n>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, LowerError> {
        match &self.node.value {
            Value::Scalar { .. } => self.located(visitor.visit_enum(Choice {
                reader: self,
                key: self.node,
                value: None,
            })),
            Value::Map(pairs) => match pairs.as_slice() {
                [(key, value)] => self.located(visitor.visit_enum(Choice {
                    reader: self,
                    key,
                    value: Some(value),
                })),
                _ => self.mismatch(&"a map with exactly one choice"),
            },
            Value::List(_) => self.mismatch(&"one of the choices"),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, LowerError> {
        visitor.visit_unit()
    }
}

/// Hands over start, end and the value itself.
struct Located<'n> {
    reader: Reader<'n>,
    reference: Option<&'n str>,
    next: u8,
}

impl<'n> SeqAccess<'n> for Located<'n> {
    type Error = LowerError;

    fn next_element_seed<T: DeserializeSeed<'n>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, LowerError> {
        self.next += 1;
        let span = self.reader.node.span;
        match (self.next, self.reference) {
            (1, _) => seed.deserialize(U32Deserializer::new(span.start)).map(Some),
            (2, _) => seed.deserialize(U32Deserializer::new(span.end)).map(Some),
            (3, Some(text)) => {
                let text: StrDeserializer<'_, LowerError> = text.into_deserializer();
                seed.deserialize(text).map(Some)
            }
            (3, None) => seed.deserialize(self.reader).map(Some),
            _ => Ok(None),
        }
    }
}

struct Items<'n> {
    reader: Reader<'n>,
    items: std::slice::Iter<'n, Node<'n>>,
}

impl<'n> SeqAccess<'n> for Items<'n> {
    type Error = LowerError;

    fn next_element_seed<T: DeserializeSeed<'n>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, LowerError> {
        self.items.next().map(|item| seed.deserialize(self.reader.to(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Pairs<'n> {
    reader: Reader<'n>,
    pairs: std::slice::Iter<'n, (Node<'n>, Node<'n>)>,
    value: Option<&'n Node<'n>>,
}

impl<'n> MapAccess<'n> for Pairs<'n> {
    type Error = LowerError;

    fn next_key_seed<T: DeserializeSeed<'n>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, LowerError> {
        let Some((key, value)) = self.pairs.next() else { return Ok(None) };
        self.value = Some(value);
        let reader = self.reader.to(key);
        reader.located(seed.deserialize(reader)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'n>>(&mut self, seed: T) -> Result<T::Value, LowerError> {
        let value = self.value.take().unwrap_or(self.reader.node);
        let reader = self.reader.to(value);
        reader.located(seed.deserialize(reader))
    }
}

struct Choice<'n> {
    reader: Reader<'n>,
    key: &'n Node<'n>,
    value: Option<&'n Node<'n>>,
}

impl<'n> EnumAccess<'n> for Choice<'n> {
    type Error = LowerError;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'n>>(self, seed: T) -> Result<(T::Value, Self), LowerError> {
        let reader = self.reader.to(self.key);
        Ok((reader.located(seed.deserialize(reader))?, self))
    }
}

impl<'n> VariantAccess<'n> for Choice<'n> {
    type Error = LowerError;

    fn unit_variant(self) -> Result<(), LowerError> {
        match self.value {
            None => Ok(()),
            Some(value) => self.reader.to(value).mismatch(&"nothing: this choice takes no value"),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'n>>(self, seed: T) -> Result<T::Value, LowerError> {
        match self.value {
            Some(value) => {
                let reader = self.reader.to(value);
                reader.located(seed.deserialize(reader))
            }
            None => self.reader.mismatch(&"this choice together with its value"),
        }
    }

    fn tuple_variant<V: Visitor<'n>>(self, _: usize, visitor: V) -> Result<V::Value, LowerError> {
        match self.value {
            Some(value) => self.reader.to(value).deserialize_any(visitor),
            None => self.reader.mismatch(&visitor),
        }
    }

    fn struct_variant<V: Visitor<'n>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, LowerError> {
        self.tuple_variant(0, visitor)
    }
}
