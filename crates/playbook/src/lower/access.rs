//! Lists, maps and choices of one node, handed to serde piece by piece.

use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use super::LowerError;
use super::reader::Reader;
use crate::Node;

/// Hands over start, end and the value itself.
pub(super) struct Located<'n> {
    pub(super) reader: Reader<'n>,
    pub(super) reference: Option<&'n str>,
    pub(super) next: u8,
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

pub(super) struct Items<'n> {
    pub(super) reader: Reader<'n>,
    pub(super) items: std::slice::Iter<'n, Node<'n>>,
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

pub(super) struct Pairs<'n> {
    pub(super) reader: Reader<'n>,
    pub(super) pairs: std::slice::Iter<'n, (Node<'n>, Node<'n>)>,
    pub(super) value: Option<&'n Node<'n>>,
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

pub(super) struct Choice<'n> {
    pub(super) reader: Reader<'n>,
    pub(super) key: &'n Node<'n>,
    pub(super) value: Option<&'n Node<'n>>,
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
