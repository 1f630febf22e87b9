//! The inventory that Ansible reads: hosts and their groups, by the contract of dynamic inventories.
//!
//! Hosts come as plain rows, declared and observed alike, so that this room needs to know neither
//! machines nor the systems that report them. A host is in a group for its role, site, rack,
//! environment, team and each of its tags; racks are children of their site. Group names say what
//! they group by (`role_gpu`, `site_eu_1`), because a role and a team may share a name.
//!
//! Invariants: what is declared wins over what is reported, and an earlier report over a later one; a host
//! that no system reports stays, because silence is no statement; two names never fall into one group
//! by accident.
//!
//! Absent on purpose: credentials and other secrets. A play looks them up where they are kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// The group of hosts that a system reports and the playbook does not declare.
pub const UNDECLARED: &str = "undeclared";

/// Ansible's own group of hosts in no other group; it is there even when it is empty, and comes first.
const UNGROUPED: &str = "ungrouped";

/// One host, as the playbook declares it or a system reports it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// The host name.
    pub name: String,
    /// Where it is reached.
    #[serde(default)]
    pub address: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub role: Option<String>,
    /// Where it stands.
    #[serde(default)]
    pub site: Option<String>,
    /// The rack in that site.
    #[serde(default)]
    pub rack: Option<String>,
    /// The environment that it carries.
    #[serde(default)]
    pub environment: Option<String>,
    /// The team or seat that answers for it, by its bare name.
    #[serde(default)]
    pub team: Option<String>,
    /// Words to select it by.
    #[serde(default)]
    pub tags: BTreeSet<String>,
    /// What else plays may want to know.
    #[serde(default)]
    pub variables: BTreeMap<String, Value>,
}

/// Hosts and groups, ready to be printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    /// By name.
    hosts: Vec<Host>,
    groups: BTreeMap<String, Group>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Group {
    /// What it groups by, as the playbook writes it: tells two names apart that look alike in a group.
    stands_for: String,
    is_child: bool,
    /// Which of the inventory's hosts, ascending.
    hosts: Vec<usize>,
    children: BTreeSet<String>,
}

/// Two different names would become one group, and a play for the one would run on the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameGroup {
    /// The group's name.
    pub group: String,
    /// The two names.
    pub names: [String; 2],
}

impl fmt::Display for SameGroup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { group, names: [first, second] } = self;
        write!(formatter, "{first} and {second} would both be the group `{group}`")
    }
}

impl std::error::Error for SameGroup {}

/// Puts declared and observed hosts together. What is declared wins, a report fills in what the
/// declaration leaves open, and a host that nobody declared is in the group [`UNDECLARED`] too.
///
/// # Errors
/// Names the two names that would share a group.
pub fn inventory(
    declared: impl IntoIterator<Item = Host>,
    observed: impl IntoIterator<Item = Host>,
) -> Result<Inventory, SameGroup> {
    let mut hosts: BTreeMap<String, Host> =
        declared.into_iter().map(|host| (host.name.clone(), host)).collect();
    let mut undeclared = BTreeSet::new();
    for report in observed {
        match hosts.get_mut(&report.name) {
            Some(host) => fill_in(host, report),
            None => {
                undeclared.insert(report.name.clone());
                hosts.insert(report.name.clone(), report);
            }
        }
    }
    let hosts: Vec<Host> = hosts.into_values().collect();
    let groups = grouped(&hosts, &undeclared)?;
    Ok(Inventory { hosts, groups })
}

fn fill_in(host: &mut Host, report: Host) {
    let Host { name: _, address, role, site, rack, environment, team, tags, variables } = report;
    host.address = host.address.take().or(address);
    host.role = host.role.take().or(role);
    host.site = host.site.take().or(site);
    host.rack = host.rack.take().or(rack);
    host.environment = host.environment.take().or(environment);
    host.team = host.team.take().or(team);
    host.tags.extend(tags);
    for (key, value) in variables {
        host.variables.entry(key).or_insert(value);
    }
}

impl Inventory {
    /// The hosts, by name.
    pub fn hosts(&self) -> impl Iterator<Item = &Host> {
        self.hosts.iter()
    }

    /// The host of a name.
    #[must_use]
    pub fn host(&self, name: &str) -> Option<&Host> {
        self.hosts.get(self.place(name)?)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.hosts.binary_search_by(|host| host.name.as_str().cmp(name)).ok()
    }

    /// The names of the groups that a host is in itself, in order.
    #[must_use]
    pub fn groups_of(&self, host: &str) -> Vec<&str> {
        let place = self.place(host);
        let is_in =
            |group: &Group| place.is_some_and(|place| group.hosts.binary_search(&place).is_ok());
        let groups = self.groups.iter().filter(|(_, group)| is_in(group));
        groups.map(|(name, _)| name.as_str()).collect()
    }

    /// What Ansible wants for `--list`.
    #[must_use]
    pub fn list(&self) -> impl Serialize + '_ {
        List(self)
    }

    /// What Ansible wants for `--host`.
    #[must_use]
    pub fn variables(host: &Host) -> impl Serialize + '_ {
        Variables(host)
    }

    /// The tree of groups and hosts, drawn as `ansible-inventory --graph` draws it.
    #[must_use]
    pub fn graph(&self) -> String {
        let mut text = String::from("@all:\n");
        let top = self.groups.iter().filter(|(_, group)| !group.is_child);
        let top = top.map(|(name, _)| name.as_str());
        for name in std::iter::once(UNGROUPED).chain(top) {
            self.draw(name, 1, &mut text);
        }
        text
    }

    fn draw(&self, name: &str, depth: usize, text: &mut String) {
        text.push_str(&format!("{}--@{name}:\n", "  |".repeat(depth)));
        let ungrouped = Group::default();
        let group = self.groups.get(name).unwrap_or(&ungrouped);
        for child in &group.children {
            self.draw(child, depth + 1, text);
        }
        let alone = if name == UNGROUPED { self.ungrouped() } else { Vec::new() };
        for host in names(&self.hosts, group.hosts.iter().chain(&alone)) {
            text.push_str(&format!("{}--{host}\n", "  |".repeat(depth + 1)));
        }
    }

    /// Hosts without any group, which Ansible wants to know of all the same.
    fn ungrouped(&self) -> Vec<usize> {
        let mut grouped = vec![false; self.hosts.len()];
        for place in self.groups.values().flat_map(|group| &group.hosts) {
            grouped[*place] = true;
        }
        let alone = grouped.iter().enumerate().filter(|(_, grouped)| !**grouped);
        alone.map(|(place, _)| place).collect()
    }
}

/// Puts hosts into their groups. They are collected by the words that they are grouped by first, so that a group's name
/// is made once and not once for each of its hosts.
fn grouped(
    hosts: &[Host],
    undeclared: &BTreeSet<String>,
) -> Result<BTreeMap<String, Group>, SameGroup> {
    let mut members: BTreeMap<[&str; 3], Vec<usize>> = BTreeMap::new();
    for (place, host) in hosts.iter().enumerate() {
        let Host { name, role, site, rack, environment, team, tags, .. } = host;
        let mut join = |words| members.entry(words).or_default().push(place);
        let by = [("role", role), ("environment", environment), ("team", team)];
        for (prefix, value) in by {
            if let Some(value) = value {
                join([prefix, value.as_str(), ""]);
            }
        }
        tags.iter().for_each(|tag| join(["tag", tag, ""]));
        match (site, rack) {
            (Some(site), Some(rack)) => join(["rack", site, rack]),
            (Some(site), None) => join(["site", site, ""]),
            (None, _) => {}
        }
        if undeclared.contains(name) {
            join([UNDECLARED, "", ""]);
        }
    }
    named(members)
}

/// Gives groups their names, and racks their sites.
fn named(members: BTreeMap<[&str; 3], Vec<usize>>) -> Result<BTreeMap<String, Group>, SameGroup> {
    let mut groups = BTreeMap::new();
    for (words, hosts) in members {
        let group = make(&mut groups, &words)?;
        group.hosts = hosts;
        let [prefix, site, _] = words;
        if prefix == "rack" {
            group.is_child = true;
            make(&mut groups, &["site", site, ""])?.children.insert(safe(&words));
        }
    }
    Ok(groups)
}

/// The group for some words, made when it is new.
fn make<'g>(
    groups: &'g mut BTreeMap<String, Group>,
    words: &[&str; 3],
) -> Result<&'g mut Group, SameGroup> {
    let name = safe(words);
    let stands_for = said(words).collect::<Vec<_>>().join(" ");
    let group = groups.entry(name.clone()).or_default();
    if group.stands_for.is_empty() {
        group.stands_for.clone_from(&stands_for);
    }
    if group.stands_for != stands_for {
        let names = [format!("`{}`", group.stands_for), format!("`{stands_for}`")];
        return Err(SameGroup { group: name, names });
    }
    Ok(group)
}

/// The words that say something.
fn said<'w>(words: &[&'w str; 3]) -> impl Iterator<Item = &'w str> {
    words.iter().copied().filter(|word| !word.is_empty())
}

/// The names of hosts by their places.
fn names<'h, 'p>(
    hosts: &'h [Host],
    places: impl IntoIterator<Item = &'p usize>,
) -> impl Iterator<Item = &'h str> {
    places.into_iter().filter_map(|place| Some(hosts.get(*place)?.name.as_str()))
}

/// A group name that Ansible takes without a warning: letters, digits and underscores.
fn safe(words: &[&str; 3]) -> String {
    let safe = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
    said(words).collect::<Vec<_>>().join("_").chars().map(safe).collect()
}

struct List<'i>(&'i Inventory);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Inventory { hosts, groups } = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("_meta", &Meta { hostvars: HostVariables(hosts) })?;
        let top = groups.iter().filter(|(_, group)| !group.is_child);
        let top = top.map(|(name, _)| name.as_str());
        let children = std::iter::once(UNGROUPED).chain(top).collect();
        map.serialize_entry("all", &Members { hosts: Names(hosts, &[]), children })?;
        for (name, group) in groups {
            let children = group.children.iter().map(String::as_str).collect();
            map.serialize_entry(name, &Members { hosts: Names(hosts, &group.hosts), children })?;
        }
        let alone = self.0.ungrouped();
        let members = Members { hosts: Names(hosts, &alone), children: Vec::new() };
        map.serialize_entry(UNGROUPED, &members)?;
        map.end()
    }
}

#[derive(Serialize)]
struct Meta<'i> {
    hostvars: HostVariables<'i>,
}

#[derive(Serialize)]
struct Members<'i> {
    /// Written even when it is empty: Ansible takes a group without any member for a host.
    hosts: Names<'i>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    children: Vec<&'i str>,
}

/// Hosts by their places, written as their names.
struct Names<'i>(&'i [Host], &'i [usize]);

impl Serialize for Names<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(names(self.0, self.1))
    }
}

struct HostVariables<'i>(&'i [Host]);

impl Serialize for HostVariables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|host| (&host.name, Variables(host))))
    }
}

struct Variables<'i>(&'i Host);

impl Serialize for Variables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Host { name: _, address, role, site, rack, environment, team, tags, variables } =
            self.0;
        let mut map = serializer.serialize_map(None)?;
        let words = [
            ("ansible_host", address),
            ("council_environment", environment),
            ("council_rack", rack),
            ("council_role", role),
            ("council_site", site),
            ("council_team", team),
        ];
        for (key, value) in words {
            if let Some(value) = value {
                map.serialize_entry(key, value)?;
            }
        }
        if !tags.is_empty() {
            map.serialize_entry("council_tags", tags)?;
        }
        // What a row says by itself does not replace what the words above say.
        for (key, value) in variables {
            if !words.iter().any(|(word, said)| word == key && said.is_some()) {
                map.serialize_entry(key, value)?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str, role: &str, site: &str, rack: &str) -> Host {
        let word = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Host {
            name: name.to_owned(),
            role: word(role),
            site: word(site),
            rack: word(rack),
            ..Host::default()
        }
    }

    fn listed(declared: Vec<Host>, observed: Vec<Host>) -> Value {
        serde_json::to_value(inventory(declared, observed).unwrap().list()).unwrap()
    }

    #[test]
    fn groups_and_host_variables_follow_the_contract() {
        let mut gpu = host("eu-1-gpu-01", "gpu", "eu-1", "A07");
        gpu.address = Some("10.10.1.21".to_owned());
        gpu.environment = Some("production".to_owned());
        gpu.team = Some("ml-research".to_owned());
        gpu.tags = BTreeSet::from(["nvme".to_owned()]);
        gpu.variables.insert("council_unit".to_owned(), Value::from(11));
        let list = listed(vec![gpu, host("loner", "", "", "")], Vec::new());
        let expected = serde_json::json!({
            "_meta": { "hostvars": {
                "eu-1-gpu-01": {
                    "ansible_host": "10.10.1.21",
                    "council_environment": "production",
                    "council_rack": "A07",
                    "council_role": "gpu",
                    "council_site": "eu-1",
                    "council_team": "ml-research",
                    "council_tags": ["nvme"],
                    "council_unit": 11,
                },
                "loner": {},
            } },
            "all": { "hosts": [], "children": ["ungrouped", "environment_production", "role_gpu", "site_eu_1", "tag_nvme", "team_ml_research"] },
            "environment_production": { "hosts": ["eu-1-gpu-01"] },
            "rack_eu_1_A07": { "hosts": ["eu-1-gpu-01"] },
            "role_gpu": { "hosts": ["eu-1-gpu-01"] },
            "site_eu_1": { "hosts": [], "children": ["rack_eu_1_A07"] },
            "tag_nvme": { "hosts": ["eu-1-gpu-01"] },
            "team_ml_research": { "hosts": ["eu-1-gpu-01"] },
            "ungrouped": { "hosts": ["loner"] },
        });
        assert_eq!(list, expected);
    }

    #[test]
    fn what_is_declared_wins_and_a_report_fills_in() {
        let mut report = host("a", "storage", "eu-2", "");
        report.address = Some("10.0.0.9".to_owned());
        let stranger = host("b", "storage", "", "");
        let found = inventory(vec![host("a", "gpu", "", "")], vec![report, stranger]).unwrap();
        let merged = found.host("a").unwrap();
        assert_eq!(merged.role.as_deref(), Some("gpu"));
        assert_eq!(merged.site.as_deref(), Some("eu-2"));
        assert_eq!(merged.address.as_deref(), Some("10.0.0.9"));
        assert_eq!(found.groups_of("a"), ["role_gpu", "site_eu_2"]);
        assert_eq!(found.groups_of("b"), ["role_storage", UNDECLARED]);
        // Who is silent stays.
        assert!(inventory(vec![host("a", "", "", "")], Vec::new()).unwrap().host("a").is_some());
    }

    #[test]
    fn a_stranger_without_words_is_undeclared_and_not_ungrouped() {
        let list = listed(Vec::new(), vec![host("b", "", "", "")]);
        assert_eq!(list["undeclared"], serde_json::json!({ "hosts": ["b"] }));
        assert_eq!(list["ungrouped"], serde_json::json!({ "hosts": [] }));
    }

    #[test]
    fn names_that_would_share_a_group_are_refused() {
        let refused = inventory(vec![host("a", "gpu-a", "", ""), host("b", "gpu_a", "", "")], []);
        assert_eq!(
            refused.unwrap_err().to_string(),
            "`role gpu-a` and `role gpu_a` would both be the group `role_gpu_a`"
        );
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter() {
        let rows = [host("a", "gpu", "s", "1"), host("b", "gpu", "s", ""), host("c", "", "", "")];
        let mut reversed = rows.to_vec();
        reversed.reverse();
        assert_eq!(listed(rows.to_vec(), Vec::new()), listed(reversed, Vec::new()));
    }

    #[test]
    fn the_graph_is_a_tree_from_all() {
        let rows = vec![host("a", "gpu", "s", "1"), host("b", "", "s", "")];
        assert_eq!(
            inventory(rows, []).unwrap().graph(),
            "\
@all:
  |--@ungrouped:
  |--@role_gpu:
  |  |--a
  |--@site_s:
  |  |--@rack_s_1:
  |  |  |--a
  |  |--b
"
        );
    }
}
