//! `council probe`: what a council would see from here, before anything is merged.

use std::net::TcpListener;

use crate::support::Scratch;

fn playbook(open: u16, closed: u16) -> String {
    format!(
        "
apiVersion: council/v1
kind: Probe
metadata: {{name: open}}
spec: {{service: api, every: 30s, tcp: {{address: '127.0.0.1:{open}'}}}}
---
apiVersion: council/v1
kind: Probe
metadata: {{name: closed}}
spec: {{service: api, every: 30s, tcp: {{address: '127.0.0.1:{closed}'}}}}
"
    )
}

#[test]
fn a_probe_is_tried_once_and_says_why_it_fails() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let (open, closed) = (listener.local_addr().unwrap(), free.local_addr().unwrap());
    drop(free);
    let scratch = Scratch::staffed();
    let none = scratch.council("probe");
    assert_eq!(none.code, 2, "{none:?}");
    assert!(none.err.contains("the playbook has no probes"), "{none:?}");

    scratch.write("probes.yaml", playbook(open.port(), closed.port()));
    let good = scratch.council("probe open");
    assert_eq!(good.code, 0, "{good:?}");
    assert!(good.out.contains("open") && good.out.contains("yes"), "{good:?}");
    let both = scratch.council("probe");
    assert_eq!(both.code, 1, "{both:?}");
    assert!(both.out.contains("closed: connection refused by 127.0.0.1"), "{both:?}");
    let rows = scratch.council("probe --format json").json();
    let of = |name: &str| rows.as_array().unwrap().iter().find(|row| row["probe"] == name).cloned();
    assert_eq!(of("open").unwrap()["ok"], true, "{rows:#}");
    assert_eq!(of("closed").unwrap()["ok"], false, "{rows:#}");
    let wrong = scratch.council("probe opne");
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(
        wrong.err.contains("there is no probe `opne`") && wrong.err.contains("open"),
        "{wrong:?}"
    );
}
