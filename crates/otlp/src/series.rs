//! What a series goes by: a digest of its resource, scope, metric, type and attributes, whatever the order they come in.
//!
//! A digest that nobody can collide on purpose (SHA-256, cut to 128 bits), so that no sender can hide in another's series.

use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::metric;
use prost::Message as _;
use sha2::{Digest as _, Sha256};

use crate::batch::Temporality;

/// What a series goes by.
pub(crate) type SeriesKey = [u8; 16];

/// A digest in the making, of what series have in common.
#[derive(Clone)]
pub(crate) struct Naming(Sha256);

impl Naming {
    /// Of a resource and a scope.
    pub(crate) fn of(resource: &[KeyValue], scope: Option<&InstrumentationScope>) -> Self {
        let mut naming = Self(Sha256::new());
        naming.attributes(resource);
        if let Some(scope) = scope {
            naming.text(&scope.name);
            naming.text(&scope.version);
            naming.attributes(&scope.attributes);
        }
        naming
    }

    /// Of a metric among them.
    pub(crate) fn metric(&self, name: &str, data: &metric::Data, temporality: Temporality) -> Self {
        let mut naming = self.clone();
        naming.text(name);
        let kind = match data {
            metric::Data::Gauge(_) => 0,
            metric::Data::Sum(_) => 1,
            metric::Data::Histogram(_) => 2,
            metric::Data::ExponentialHistogram(_) => 3,
            metric::Data::Summary(_) => 4,
        };
        let temporality = match temporality {
            Temporality::Delta => 0,
            Temporality::Cumulative => 1,
        };
        naming.0.update([kind, temporality]);
        naming
    }

    /// Of a series among them; the start tells one life of a cumulative series from the next.
    pub(crate) fn series(&self, attributes: &[KeyValue], start: Option<u64>) -> SeriesKey {
        let mut naming = self.clone();
        naming.attributes(attributes);
        if let Some(start) = start {
            naming.0.update(start.to_le_bytes());
        }
        let mut key = SeriesKey::default();
        key.copy_from_slice(&naming.0.finalize()[..16]);
        key
    }

    fn attributes(&mut self, attributes: &[KeyValue]) {
        self.length(attributes.len());
        let mut sorted: Vec<&KeyValue> = attributes.iter().collect();
        sorted.sort_by(|a, b| a.key.cmp(&b.key));
        for attribute in sorted {
            self.text(&attribute.key);
            self.value(attribute.value.as_ref());
        }
    }

    fn value(&mut self, value: Option<&AnyValue>) {
        match value.and_then(|value| value.value.as_ref()) {
            Some(any_value::Value::StringValue(text)) => {
                self.0.update([1]);
                self.text(text);
            }
            Some(any_value::Value::IntValue(number)) => {
                self.0.update([2]);
                self.0.update(number.to_le_bytes());
            }
            None => self.0.update([0]),
            Some(_) => {
                let bytes = value.map(AnyValue::encode_to_vec).unwrap_or_default();
                self.0.update([3]);
                self.length(bytes.len());
                self.0.update(bytes);
            }
        }
    }

    /// With its length before it, so that two texts are never one.
    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.update(text);
    }

    fn length(&mut self, length: usize) {
        self.0.update(u64::try_from(length).unwrap_or(u64::MAX).to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(key: &str, value: &str) -> KeyValue {
        let value = Some(any_value::Value::StringValue(value.to_owned()));
        KeyValue { key: key.to_owned(), value: Some(AnyValue { value }), ..Default::default() }
    }

    fn key(attributes: &[KeyValue], start: Option<u64>) -> SeriesKey {
        Naming::of(&[], None).series(attributes, start)
    }

    #[test]
    fn order_does_not_matter_and_everything_else_does() {
        let (a, b) = (attribute("a", "1"), attribute("b", "2"));
        let both = key(&[a.clone(), b.clone()], None);
        assert_eq!(both, key(&[b.clone(), a.clone()], None));
        assert_ne!(both, key(std::slice::from_ref(&a), None));
        assert_ne!(both, key(&[a.clone(), attribute("b", "3")], None));
        // Written one after another, these would be the same.
        let split = key(&[attribute("ab", "x"), attribute("c", "y")], None);
        assert_ne!(split, key(&[attribute("ab", ""), attribute("xc", "y")], None));
        assert_ne!(key(&[], Some(1)), key(&[], Some(2)));
        let service = Naming::of(&[a], None).series(&[b], None);
        assert_ne!(both, service, "an attribute of the resource is not one of the point");
    }
}
