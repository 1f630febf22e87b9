//! Subnets are networks in CIDR notation, and the gateway lies in one of them.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule, Spanned};

use crate::cidr::Network;
use crate::kinds::{Vlan, Vpn};

/// Subnets are networks in CIDR notation, and the gateway lies in one of them.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("NET003"),
        name: "not-a-network",
        severity: Severity::Error,
        summary: "Subnets are networks in CIDR notation, and the gateway lies in one of them.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"`10.0.1.5/24` names a host, not a network: one reader takes it for `10.0.1.0/24`, the next for a single address. A gateway outside of every subnet is reached by nobody.

Fails:

```yaml
apiVersion: council/v1
kind: Vlan
metadata: {name: mgmt}
spec: {purpose: Consoles., subnets: [10.0.1.5/24], gateway: 10.0.2.1}
```

Mended:

```yaml
apiVersion: council/v1
kind: Vlan
metadata: {name: mgmt}
spec: {purpose: Consoles., subnets: [10.0.1.0/24], gateway: 10.0.1.1}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    if let Some(vlan) = resource.typed::<Vlan>() {
        let networks = vlan.subnets.iter().filter_map(|text| network(resource, text, findings));
        let networks: Vec<Network> = networks.collect();
        if let Some(gateway) =
            vlan.gateway.as_ref().filter(|_| networks.len() == vlan.subnets.len())
        {
            check_gateway(resource, gateway, &networks, findings);
        }
    }
    if let Some(subnet) = resource.typed::<Vpn>().and_then(|vpn| vpn.spec.subnet.as_ref()) {
        network(resource, subnet, findings);
    }
}

fn network(
    resource: &Resource,
    text: &Spanned<String>,
    findings: &mut Vec<Diagnostic>,
) -> Option<Network> {
    let problem = match Network::parse(text) {
        Ok(network) => return Some(network),
        Err(problem) => problem,
    };
    findings.push(
        Diagnostic::new(&RULE.info, resource.at(text.span), problem)
            .why("an address and the length of its prefix, with nothing after the prefix")
            .hint("write a network such as `10.10.0.0/22` or `2001:db8:10::/64`")
            .subject(resource.id.to_string()),
    );
    None
}

fn check_gateway(
    resource: &Resource,
    gateway: &Spanned<String>,
    networks: &[Network],
    findings: &mut Vec<Diagnostic>,
) {
    let message = match gateway.parse() {
        Err(_) => format!("`{}` is not an address", gateway.value),
        Ok(address) if networks.iter().any(|network| network.contains(address)) => return,
        Ok(_) => format!("`{}` lies in none of the subnets", gateway.value),
    };
    findings.push(
        Diagnostic::new(&RULE.info, resource.at(gateway.span), message)
            .why("machines look for their router in their own network")
            .hint("write an address out of `subnets`")
            .subject(resource.id.to_string()),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn hosts_and_strange_gateways_are_found() {
        TRIAL.finds(&RULE, "
            Vlan/a: {purpose: x, subnets: [10.0.1.5/24]}
            Vlan/b: {purpose: x, subnets: [10.0.1.0/24], gateway: 10.0.2.1}
            Vlan/c: {purpose: x, subnets: [10.0.1.0/24], gateway: router}
            Vpn/d: {purpose: x, subnet: ten}
        ", &[("10.0.1.5/24", "`10.0.1.5/24` is not a network: bits after the prefix are set; the network is `10.0.1.0/24`"), ("10.0.2.1", "`10.0.2.1` lies in none of the subnets"), ("router", "`router` is not an address"), ("ten", "`ten` is not a network in CIDR notation")]);
    }

    #[test]
    fn networks_of_both_families_are_right() {
        TRIAL.finds(&RULE, r#"
            Vlan/a: {purpose: x, subnets: [10.0.1.0/24, "2001:db8:10::/64"], gateway: "2001:db8:10::1"}
            Vlan/b: {purpose: x}
            Vpn/c: {purpose: x, subnet: 10.99.0.0/24}
        "#, &[]);
    }
}
