//! The document of a small playbook, looked at as a whole.

use super::*;
use crate::record::State;
use crate::text::Closed;
use crate::views::{NO_CONTRIBUTIONS, Revision};
use crate::vocabulary::TRIAL;

#[test]
fn resources_prose_and_gaps_make_one_document() {
    let workspace = TRIAL.read(
        "Seat/net: {owns: The network., topics: [vlans, network], primary: ana}
         Person/ana: {}
         DecisionType/b: {letter: B, scope: Platforms., primaries: [net]}
         RaciArea/network: {accountable: [seat/net], responsible: [seat/net], topics: [vlan]}
         Question/logs: {owner: net, due: 2026-12-01, options: [ELK, Loki]}
         Version/v0.1: {version: v0.1, date: 2026-11-01, summary: First.}
         docs/observability.md: {section: observability, owner: net, verified: 2025-01-01, stale_after: 90d} | # Signals\\n\\nWe measure.\\n\\n## Logs\\n\\nOne stack.",
    );
    let revisions = [Revision {
        id: "0123456789abcdef".to_owned(),
        at: "2026-11-20T10:00:00Z".parse().unwrap(),
        summary: "network: a VLAN".to_owned(),
        author: None,
    }];
    let reading = Reading {
        model: workspace.model(),
        record: &State::default(),
        now: "2026-11-23T09:00:00Z".parse().unwrap(),
        texts: &Closed,
        revisions: &revisions,
        contributions: NO_CONTRIBUTIONS,
    };
    let part = DocumentPart {
        chapter: Chapter::Platform,
        title: "VLANs",
        fields: &[],
        render: |_, _| Vec::new(),
    };
    let text = to_markdown(&document(&reading, &[part]));
    for expected in [
        "# example: the playbook\n\n- **Version:** v0.1\n",
        "- **Last updated:** 2026-11-20\n",
        "5. [RACI](#raci)\n",
        "> Green.\n",
        "- <a id=\"seat-net\"></a>**net**: The network.\n",
        "| [net](#seat-net) | ana | _gap: no backup_ |  |\n",
        "| <a id=\"decision-type-b\"></a>**Type B: b** | Platforms. | [net](#seat-net) |  | all agree |\n",
        "| <a id=\"raci-area-network\"></a>network | [net](#seat-net) | [net](#seat-net) |  |  |\n",
        "### 6.5 VLANs\n\n> **Gap:** Nobody has written down anything about \"VLANs\" yet. Owner: [net](#seat-net).\n",
        "### 8.1 Signals\n\n_**net, stale: last verified on 2025-01-01**_\n\nWe measure.\n\n#### Logs\n\nOne stack.\n",
        "## 12. Talent & Remote Culture\n\n> **Gap:** ",
        "| <a id=\"version-v0-1\"></a>**v0.1** | 2026-11-01 | First. |\n",
        "- 2026-11-20: network: a VLAN (`0123456789`)\n",
        "| <a id=\"question-logs\"></a>**logs** | [net](#seat-net) | 2026-12-01 | ELK, Loki |\n",
    ] {
        assert!(text.contains(expected), "missing:\n{expected}\nin:\n{text}");
    }
}
