//! The Cedar schema, generated from the table of actions.

use std::fmt::Write as _;

use crate::action::{ACTIONS, SCOPES};

/// What does not depend on actions. `Person in [Seat, …]` lets a policy write `principal in resource.seats`.
const ENTITIES: &str = "\
entity Seat;
entity Team;
entity Office;
entity Person in [Seat, Team, Office] = {
  known: Bool,
  member: Bool,
  seated: Bool,
  operator: Bool,
  service: Bool,
  by_token: Bool,
  scopes: Set<String>,
  primary_of: Set<Seat>,
  backup_of: Set<Seat>,
};
entity Thing = {
  kind: String,
  name: String,
  class: String,
  seats: Set<Seat>,
  teams: Set<Team>,
  offices: Set<Office>,
  people: Set<Person>,
};
";

/// The schema in Cedar's own language, for the organization's editors and checks.
pub fn schema() -> String {
    let mut text = ENTITIES.to_owned();
    for scope in SCOPES {
        writeln!(text, "// {}.\naction \"{}\";", scope.summary, scope.name).expect(INFALLIBLE);
    }
    for action in ACTIONS {
        writeln!(
            text,
            "action \"{}\" in [\"{}\"] appliesTo {{ principal: [Person], resource: [Thing] }};",
            action.name, action.scope
        )
        .expect(INFALLIBLE);
    }
    text
}

const INFALLIBLE: &str = "BUG: writing to a string cannot fail";

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn the_committed_schema_is_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policies.cedarschema");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, super::schema()).expect("a written file");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == super::schema(),
            "docs/policies.cedarschema is out of date: run this test with UPDATE_EXPECT=1"
        );
    }
}
