//! The deserializer of one node.

use diag::words::quote;
use serde::de::{self, Deserializer, Visitor};

use super::access::{Choice, Items, Located, Pairs};
use super::{LowerError, Notes, Problem, tokens};
use crate::reference::Use;
use crate::yaml::scalar::{Plain, resolve, yaml_1_1};
use crate::{Node, Value, spanned};

/// Reads one node.
#[derive(Clone, Copy)]
pub(super) struct Reader<'n> {
    pub(super) node: &'n Node<'n>,
    pub(super) notes: &'n Notes,
}

impl<'n> Reader<'n> {
    pub(super) fn to(self, node: &'n Node<'n>) -> Self {
        Self { node, notes: self.notes }
    }

    pub(super) fn located<T>(self, result: Result<T, LowerError>) -> Result<T, LowerError> {
        result.map_err(|error| error.at(self.node.span))
    }

    pub(super) fn mismatch<T>(self, visitor: &dyn de::Expected) -> Result<T, LowerError> {
        let found = match &self.node.value {
            Value::Scalar { text, .. } if text.is_empty() => "nothing".to_owned(),
            Value::Scalar { text, .. } => quote(text),
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a map".to_owned(),
        };
        let problem = Problem::Type(format!("{visitor} is expected, not {found}"));
        Err(LowerError { span: Some(self.node.span), problem })
    }

    fn reference(self, token: &'static str) -> Result<&'n str, LowerError> {
        let Some(text) = self.node.text().filter(|text| !text.is_empty()) else {
            return self.mismatch(&"a reference such as `seat/network-security`");
        };
        let (slug, name) = tokens::read(token, text);
        self.notes.uses.borrow_mut().push(Use {
            span: self.node.span,
            accepts: slug.accepts,
            slug: slug.written,
            name,
        });
        Ok(text)
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
                Plain::Text => {
                    if *plain && let Some(reading) = yaml_1_1(text) {
                        self.notes.differently.borrow_mut().push((self.node.span, reading));
                    }
                    self.located(visitor.visit_borrowed_str(text))
                }
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
