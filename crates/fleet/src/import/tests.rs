//! Files as people have them, good and bad.

use super::*;
use crate::kinds::{Machine, Rack};
use crate::vocabulary::TRIAL;

#[track_caller]
fn wrong(noun: Noun, text: &str, expected: &[(usize, &str)]) {
    let mistakes = import(noun, text).expect_err("it is wrong");
    let found: Vec<(usize, &str)> =
        mistakes.iter().map(|mistake| (mistake.line, mistake.what.as_str())).collect();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((line, what), (at, part)) in found.iter().zip(expected) {
        assert_eq!(line, at, "{what}");
        assert!(what.contains(part), "{what}");
    }
}

#[test]
fn machines_become_resources_that_are_read_back() {
    let text = "\u{feff}Name;Site;Role;Rack;Unit;Serial;MACs;Owner;Notes\r\n\
        a-1;s;r;7;11;00042;52-54-00-AA-00-01 525400aa0002;team/t;\"says \"\"hi\"\";\r\nand: more\"\r\n\
        \r\na-2;s;r;;;;;;\r\n";
    let imported = import(Noun::Machines, text).expect("it is right");
    assert_eq!(imported.count, 2);
    let workspace = TRIAL.read_text(&imported.yaml);
    let machine = workspace.model().get::<Machine>("a-1").expect("it is read");
    assert_eq!(machine.spec.serial.as_ref().map(|it| it.value.as_str()), Some("00042"));
    assert_eq!(machine.spec.rack.as_deref(), Some("7"));
    let macs: Vec<&str> = machine.spec.macs.iter().map(|mac| mac.value.as_str()).collect();
    assert_eq!(macs, ["52:54:00:aa:00:01", "52:54:00:aa:00:02"]);
    assert_eq!(machine.spec.notes.as_deref(), Some("says \"hi\";\r\nand: more"));
    assert!(workspace.model().get::<Machine>("a-2").is_some());
}

#[test]
fn racks_become_resources_that_are_read_back() {
    let text = "name,site,label,units,feeds,budget_watts\ns-a1,s,A1,47,A B,11000\n";
    let imported = import(Noun::Racks, text).expect("it is right");
    let workspace = TRIAL.read_text(&imported.yaml);
    let rack = workspace.model().get::<Rack>("s-a1").expect("it is read");
    assert_eq!((rack.spec.units, rack.spec.feeds.len()), (47, 2));
}

#[test]
fn every_mistake_is_named_with_its_line() {
    wrong(Noun::Machines, "", &[(1, "the file is empty")]);
    wrong(Noun::Machines, "name,site,role,colour\n", &[(1, "the column `colour`")]);
    wrong(Noun::Machines, "name,site,name,role\n", &[(1, "twice")]);
    wrong(Noun::Machines, "name,role\n", &[(1, "`site` is missing")]);
    wrong(Noun::Machines, "name,site,role\na,s\n", &[(2, "2 cells instead of 3")]);
    wrong(
        Noun::Machines,
        "name,site,role,unit,macs,owner\nA 1,s,r,x,zz,me\n,s,r,1,,\n",
        &[
            (2, "`A 1` is no name"),
            (2, "`x` is no whole number"),
            (2, "`zz` is no MAC address"),
            (2, "`me` is no owner"),
            (3, "`name` is empty"),
        ],
    );
    wrong(Noun::Machines, "name,site,role\na,s,r\nb,s,r\na,s,r\n", &[(4, "in line 2 already")]);
    wrong(Noun::Machines, "name,site,role\na,s,\"r\n", &[(2, "nothing closes it")]);
}
