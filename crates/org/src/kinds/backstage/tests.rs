//! Entities as catalogs write them, and the published schemas where they are present.

use std::path::Path;

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::{Api, CatalogResource, System};
use crate::Graph;
use crate::kinds::{Lifecycle, Service, ServiceKind};
use crate::vocabulary::TRIAL;
use trial::{excerpt, findings};

const CATALOG: &str = "
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
  namespace: web
  uid: e01199ab
  etag: lsndf
  title: The shop
  labels: {example.org/custom: ValueStuff}
  annotations: {backstage.io/techdocs-ref: 'dir:.', pagerduty.com/service-id: P1}
  tags: [java, data]
  links: [{url: https://admin.example.org, title: Admin, icon: dashboard, type: runbook}]
spec:
  type: website
  lifecycle: production
  owner: Group:web/payments
  system: trade
  subcomponentOf: platform
  providesApis: [orders]
  dependsOn: [component:platform, Resource:default/orders-db]
  implementsApis: [a-field-of-our-own]
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: platform}
spec: {type: service, lifecycle: beta, owner: user:default/ana}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: trade}
spec: {owner: payments, type: product}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: orders}
spec: {type: openapi, lifecycle: production, owner: payments, definition: {$text: ./api.yaml}}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: orders-db}
spec: {type: database, owner: payments}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments}
spec: {type: team, children: [], members: [ana]}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ana}
spec: {profile: {displayName: Ana, email: ana@example.org, picture: https://example.org/a.png}, memberOf: [payments]}
";

#[test]
fn a_catalog_is_read_as_it_stands() {
    let workspace = TRIAL.read_text(CATALOG);
    assert_eq!(findings(&workspace), []);
    let model = workspace.model();
    let shop = model.get::<Service>("shop").unwrap();
    assert_eq!(shop.title(), "The shop");
    assert_eq!(shop.kind, Some(ServiceKind::UserFacing));
    assert_eq!(shop.lifecycle.as_ref().map(|said| said.value), Some(Lifecycle::Production));
    assert_eq!(shop.owner.as_ref().unwrap().to_string(), "team/payments");
    assert_eq!(shop.depends_on[0].to_string(), "service/platform");
    assert_eq!(shop.needs[0].to_string(), "resource/orders-db");
    assert!(shop.from_catalog);
    assert_eq!(model.get::<Service>("platform").unwrap().lifecycle, None);
    assert!(
        model.get::<Api>("orders").is_some() && model.get::<CatalogResource>("orders-db").is_some()
    );
    assert_eq!(model.get::<System>("trade").unwrap().r#type.as_deref(), Some("product"));
    let graph = Graph::of(model);
    assert_eq!(graph.members_of("team/payments"), ["ana"]);
    assert_eq!(graph.owner_of("service/platform"), Some("person/ana"));
}

#[test]
fn a_dangling_reference_is_found_where_it_stands() {
    let text = CATALOG.replace("component:platform", "component:platfrom");
    let workspace = TRIAL.read_text(&text);
    let findings = findings(&workspace);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(excerpt(&workspace, &findings[0]), "component:platfrom");
    assert!(findings[0].message.contains("platfrom"), "{}", findings[0].message);
}

/// The published schema of an entity's `spec`, if it is beside the workspace.
fn published(kind: &str) -> Option<Value> {
    let file = format!("../../../shared/specs/backstage/kinds/{kind}.v1alpha1.schema.json");
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).ok()?;
    let schema: Value = serde_json::from_str(&text).unwrap();
    Some(schema["allOf"][1]["properties"]["spec"].clone())
}

#[test]
fn every_published_field_is_known_and_no_more_is_required() {
    let vocabulary = crate::vocabulary(playbook::Vocabulary::new());
    for kind in vocabulary.kinds().iter().filter(|kind| kind.is_foreign()) {
        let Some(spec) = published(kind.name) else {
            println!("left out: the published schema of {} is not beside the workspace", kind.name);
            continue;
        };
        let mut generator = SchemaSettings::draft2020_12().into_generator();
        (kind.schema)(&mut generator);
        let entity = format!("{}Entity", kind.name);
        let mut ours = generator.definitions().iter();
        let (_, ours) = ours.find(|(name, _)| name.eq_ignore_ascii_case(&entity)).unwrap();
        for field in spec["properties"].as_object().unwrap().keys() {
            assert!(ours["properties"].get(field).is_some(), "{}: {field}", kind.name);
        }
        let required = spec["required"].as_array().unwrap();
        for field in ours.get("required").and_then(Value::as_array).into_iter().flatten() {
            assert!(required.contains(field), "{}: {field} is not required", kind.name);
        }
    }
}
