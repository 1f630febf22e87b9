//! Our own OpenAPI document, tried by somebody who does not know the code: requests made up from it, right ones and wrong ones,
//! get no 5xx, and every answer is as the document says.

use std::process::Command;

use crate::support::Scratch;
use crate::tools::python;
use crate::up::Server;

/// What is left out: streams that do not end, and what would sign the caller out.
const LEFT_OUT: [&str; 4] =
    ["/api/v1/events", "/api/v1/sessions", "/api/v1/sessions/{id}", "/api/v1/tokens/{id}"];

#[test]
fn requests_made_up_from_our_own_description_find_no_fault() {
    let Some(schemathesis) = python("schemathesis", "requests made up from our OpenAPI document")
    else {
        return;
    };
    let scratch = Scratch::staffed();
    let server = Server::start(&scratch);
    let run = scratch.run(&["login", &server.sign_in_link(), "--as", "ana"]);
    assert_eq!(run.code, 0, "{run:?}");
    let all = "read,decide,change,respond,record,account,alert";
    let scopes: Vec<&str> = all.split(',').flat_map(|scope| ["--scope", scope]).collect();
    let run = scratch.run(&[&["token", "create", "schemathesis"], scopes.as_slice()].concat());
    assert_eq!(run.code, 0, "{run:?}");
    let url = format!("http://{}", server.address());
    let output = Command::new(schemathesis)
        .args(["run", &format!("{url}/api/v1/openapi.json")])
        .args(["--header", &format!("Authorization: Bearer {}", run.out.trim())])
        .args(LEFT_OUT.iter().flat_map(|path| ["--exclude-path", path]))
        .args([
            "--checks",
            "not_a_server_error,content_type_conformance,response_schema_conformance",
        ])
        .args(["--phases", "coverage,fuzzing", "--max-examples", "5", "--max-time", "120"])
        .args(["--seed", "1", "--workers", "2", "--continue-on-failure", "--no-color"])
        .current_dir(scratch.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    drop(server);
}
