//! `council fmt`.

use expect_test::expect;

use crate::support::Scratch;

const UNTIDY: &str = "\
kind:   Office
apiVersion: council/v1
metadata: {name: cto,title: \"CTO\"}
# who decides about money
spec: {}
";

#[test]
fn files_are_formatted_once_and_comments_stay() {
    let scratch = Scratch::playbook();
    let file = scratch.write("offices.yaml", UNTIDY);
    expect![[r#"
        --- stdout
        --- offices.yaml
        +++ offices.yaml
        @@ -1,5 +1,5 @@
        -kind:   Office
         apiVersion: council/v1
        -metadata: {name: cto,title: "CTO"}
        +kind: Office
        +metadata: { name: cto, title: "CTO" }
         # who decides about money
         spec: {}
        --- stderr
        1 file would change; run `council fmt`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("fmt --check").shown());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), UNTIDY);
    expect![[r#"
        --- stderr
        formatted `offices.yaml`
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("fmt").shown());
    let formatted = std::fs::read_to_string(&file).unwrap();
    assert!(formatted.contains("# who decides about money"), "{formatted}");
    expect![[r#"
        --- stderr
        everything is formatted
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("fmt").shown());
}

#[test]
fn what_cannot_be_read_is_left_alone() {
    let scratch = Scratch::playbook();
    let broken = "apiVersion: council/v1\nkind: [Office\n";
    let file = scratch.write("broken.yaml", broken);
    let run = scratch.council("fmt");
    assert!(run.err.contains("`broken.yaml` was left as it is"), "{run:?}");
    assert_eq!(std::fs::read_to_string(file).unwrap(), broken);
}
