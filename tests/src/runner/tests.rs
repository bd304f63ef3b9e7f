use super::*;

const REPORT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="3">
    <testsuite name="motcua-store::it" tests="3">
        <testcase name="contract::postgres::once" classname="motcua-store::it" time="0.1">
        </testcase>
        <testcase name="contract::sqlite::once" classname="motcua-store::it" time="0.1"/>
        <testcase name="contract::sqlite::twice" classname="motcua-store::it" time="0.1">
            <flakyFailure message="it did not at first" type="test failure">stack</flakyFailure>
        </testcase>
        <testcase name="contract::redis::expires" classname="motcua-cache::it" time="0.1">
            <failure message="it did not" type="test failure">stack</failure>
        </testcase>
    </testsuite>
</testsuites>"#;

#[test]
fn reads_a_report() {
    let outcome = from_junit(REPORT);
    let [once, twice] = ["contract::sqlite::once", "contract::sqlite::twice"];
    assert_eq!(outcome.passed, ["contract::postgres::once", once, twice]);
    assert_eq!(outcome.unsteady, [twice]);
    assert_eq!(outcome.failed, ["contract::redis::expires"]);
}

#[test]
fn reads_lines_of_cargo_test() {
    assert_eq!(from_line("test a::b ... ok"), Some(("a::b", true)));
    assert_eq!(from_line("test a::b ... FAILED"), Some(("a::b", false)));
    assert_eq!(from_line("test a::b ... ignored, needs a moon"), None);
    assert_eq!(from_line("test result: ok. 3 passed; 0 failed"), None);
}

#[test]
fn a_failed_test_has_not_tested_its_backend() {
    let untested = from_junit(REPORT).untested();
    assert!(untested.contains(&"redis"), "{untested:?}");
    assert!(!untested.contains(&"postgres"), "{untested:?}");
}

#[test]
fn a_backend_counts_as_a_word_only() {
    let passed = vec!["the_pythonic_way".into(), "client::in_python".into()];
    assert_eq!(Outcome { passed, ..Outcome::default() }.count("python"), 1);
}
