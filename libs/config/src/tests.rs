use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Layers, Origin, Secret, SecretUrl, Section, Settings};

const DEFAULTS: &str = r#"
# What intake may take.
[intake]
# The longest paper, in bytes.
max_bytes = 1000
# Who is told of trouble.
# mail = "admin@example.vn"

[store]
# Where rows are kept.
url = "sqlite:./data/motcua.db"
password = ""
"#;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Intake {
    max_bytes: u64,
    code: String,
    mail: Option<String>,
    open: bool,
    peers: BTreeMap<String, String>,
    hours: Hours,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Hours {
    from: u32,
    days: Vec<u32>,
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            max_bytes: 1000,
            code: "H53".to_owned(),
            mail: None,
            open: true,
            peers: BTreeMap::new(),
            hours: Hours::default(),
        }
    }
}

impl Section for Intake {
    fn validate(&self) -> Result<(), Vec<String>> {
        let mut wrong = Vec::new();
        if self.max_bytes == 0 {
            wrong.push("max_bytes: must be at least 1".to_owned());
        }
        if self.hours.from > 23 {
            wrong.push("hours.from: a day has 24 hours".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Store {
    url: SecretUrl,
    password: Secret,
}

impl Default for Store {
    fn default() -> Self {
        Self { url: SecretUrl::of("sqlite:./data/motcua.db"), password: Secret::default() }
    }
}

impl Section for Store {}

fn layers() -> Layers {
    Layers::new(DEFAULTS).declare::<Intake>("intake").declare::<Store>("store")
}

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("motcua.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn problems(layers: Layers) -> Vec<String> {
    let Err(error) = Settings::load(layers) else { panic!("the layers should not load") };
    error.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn the_later_layer_wins_and_its_origin_is_known() {
    let (_folder, path) = file("[intake]\nmax_bytes = 2\ncode = 'H01'\n[intake.hours]\nfrom = 7\n");
    let settings = Settings::load(
        layers()
            .files([&path])
            .env([("MOTCUA__INTAKE__MAX_BYTES", "3"), ("HOME", "/root"), ("MOTCUA_TEST_PG", "x")])
            .set(["intake.max_bytes=4"]),
    )
    .unwrap();
    let intake: Intake = settings.section("intake").unwrap();
    assert_eq!((intake.max_bytes, &*intake.code, intake.hours.from), (4, "H01", 7));
    assert_eq!(settings.origin("intake.max_bytes"), Some(&Origin::Set("intake.max_bytes".into())));
    assert_eq!(settings.origin("intake.code"), Some(&Origin::File(path)));
    assert_eq!(settings.origin("store.url"), Some(&Origin::Default));
    assert_eq!(settings.origin("intake.open"), None);
}

#[test]
fn texts_become_what_the_section_wants() {
    let settings = Settings::load(layers().env([
        ("MOTCUA__INTAKE__CODE", "0123"),
        ("MOTCUA__INTAKE__MAIL", "12"),
        ("MOTCUA__INTAKE__OPEN", "false"),
        ("MOTCUA__INTAKE__PEERS__CATALOG", "http://catalog:50051"),
        ("MOTCUA__INTAKE__HOURS__DAYS", "[1, 2]"),
        ("MOTCUA__STORE__PASSWORD", "12345"),
    ]))
    .unwrap();
    let intake: Intake = settings.section("intake").unwrap();
    assert_eq!(intake.code, "0123");
    assert_eq!(intake.mail.as_deref(), Some("12"));
    assert!(!intake.open);
    assert_eq!(intake.peers["catalog"], "http://catalog:50051");
    assert_eq!(intake.hours.days, [1, 2]);
    assert_eq!(settings.section::<Store>("store").unwrap().password.expose(), "12345");
}

#[test]
fn arrays_are_replaced_whole_and_the_last_to_speak_wins() {
    let (_folder, path) = file("[intake.hours]\ndays = [1, 2, 3]\n[intake.peers]\nCatalog = 'x'\n");
    let env = [
        ("MOTCUA__INTAKE__HOURS__DAYS", "[4]"),
        ("MOTCUA__STORE__PASSWORD__FILE", "/nowhere"),
        ("MOTCUA__STORE__PASSWORD", "'quoted'"),
    ];
    let told = problems(layers().files([&path]).env(env));
    assert!(told[0].contains("MOTCUA__STORE__PASSWORD__FILE): /nowhere: "), "{told:?}");
    let settings = Settings::load(
        layers().files([&path]).env(env).set(["store.password='quoted'", "intake.hours.from=+7"]),
    )
    .unwrap();
    let intake: Intake = settings.section("intake").unwrap();
    assert_eq!((&*intake.hours.days, intake.hours.from), (&[4][..], 7));
    assert_eq!(intake.peers["Catalog"], "x");
    assert_eq!(settings.section::<Store>("store").unwrap().password.expose(), "'quoted'");
}

#[test]
fn a_value_outside_any_section_is_told() {
    let (_folder, path) = file("intake = 5\n");
    let mend = "is no key of a section — write section.key, or MOTCUA__SECTION__KEY";
    assert_eq!(
        problems(layers().files([&path])),
        [format!("intake (file {}): {mend}", path.display())]
    );
    let told = problems(
        layers().env([("MOTCUA__STORE____URL", "x")]).set(["store=x", "intake.hours.days[0]=1"]),
    );
    let expected = [
        format!("store (--set store): {mend}"),
        format!("store..url (environment MOTCUA__STORE____URL): {mend}"),
        "intake.hours.days[0] (--set intake.hours.days[0]): there is no such key — known are from, days".to_owned(),
    ];
    assert_eq!(told, expected, "{told:#?}");
}

#[test]
fn everything_wrong_is_told_at_once_with_its_layer() {
    let (_folder, path) = file(
        "[intake]\nmax_byte = 5\nopen = 'yes'\n[intake.hours]\nform = 1\n[intkae]\nx = 1\n[store]\nurl = 'here'\n",
    );
    let from = format!("(file {})", path.display());
    let told = problems(
        layers().files([&path]).env([("MOTCUA__INTAKE__MAX_BYTES", "many")]).set(["nonsense"]),
    );
    let expected = [
        "--set nonsense: has no value — write --set nonsense=value".to_owned(),
        format!("intkae.x {from}: there is no section [intkae] — did you mean [intake]?"),
        format!("intake.hours.form {from}: there is no such key — did you mean from?"),
        format!("intake.max_byte {from}: there is no such key — did you mean max_bytes?"),
        "intake.max_bytes (environment MOTCUA__INTAKE__MAX_BYTES): invalid type: string \"many\", expected u64".to_owned(),
        format!("intake.open {from}: invalid type: string \"yes\", expected a boolean"),
        format!("store.url {from}: not an address (relative URL without a base): write scheme:… or scheme://host/…"),
    ];
    assert_eq!(told, expected, "{told:#?}");
}

#[test]
fn what_a_section_says_of_itself_names_the_layer() {
    let told = problems(layers().set(["intake.max_bytes=0", "intake.hours.from=25"]));
    assert_eq!(
        told,
        [
            "intake.max_bytes (--set intake.max_bytes): must be at least 1",
            "intake.hours.from (--set intake.hours.from): a day has 24 hours",
        ]
    );
}

#[test]
fn files_that_cannot_be_read_are_named_without_quoting_them() {
    let (_folder, path) = file("[store]\npassword = 'hunter2\n");
    let told = problems(layers().files([path.clone(), PathBuf::from("/nowhere.toml")]));
    assert!(
        told[0].starts_with(&format!("file {}: line 2 is not TOML", path.display())),
        "{told:?}"
    );
    assert!(told[1].starts_with("file /nowhere.toml: "), "{told:?}");
    assert!(!told.concat().contains("hunter2"), "{told:?}");
}

#[test]
fn a_secret_of_the_wrong_kind_is_not_quoted() {
    let (_folder, path) = file("[store]\npassword = 991199\n");
    let told = problems(layers().files([path]));
    assert!(told[0].contains("put it in quotes") && !told[0].contains("991199"), "{told:?}");
}

#[test]
fn a_table_replaces_a_text_and_back() {
    let (folder, path) = file("[store]\npassword.file = 'SECRET'\n");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "hunter2\n").unwrap();
    let text = std::fs::read_to_string(&path).unwrap().replace("SECRET", &secret.to_string_lossy());
    std::fs::write(&path, text).unwrap();
    let settings = Settings::load(layers().files([&path])).unwrap();
    assert_eq!(settings.section::<Store>("store").unwrap().password.expose(), "hunter2");
    assert!(settings.print().contains(&format!("password = \"***\"  # file {}", path.display())));
    let settings = Settings::load(layers().files([&path]).set(["store.password=other"])).unwrap();
    assert_eq!(settings.section::<Store>("store").unwrap().password.expose(), "other");
}

#[test]
fn what_is_printed_hides_secrets_and_can_be_read() {
    let given =
        ["store.url=postgres://u:hunter2@db/x", "store.password=hunter2", "intake.hours.from=7"];
    let printed = Settings::load(layers().set(given)).unwrap().print();
    assert!(!printed.contains("hunter2"), "{printed}");
    assert!(printed.contains("url = \"postgres://u:***@db/x\"  # --set store.url\n"), "{printed}");
    assert!(printed.contains("[intake.hours]\n"), "{printed}");
    assert!(printed.contains("max_bytes = 1000\n"), "{printed}");
    let table: toml::Table = printed.parse().unwrap();
    assert_eq!(table["intake"]["hours"]["from"].as_integer(), Some(7));
}

#[test]
fn the_schema_knows_types_defaults_and_words() {
    let schema = Settings::load(layers()).unwrap().schema();
    let intake = &schema["properties"]["intake"];
    assert_eq!(intake["description"], "What intake may take.");
    assert_eq!(intake["additionalProperties"], false);
    assert_eq!(intake["properties"]["max_bytes"]["type"], "integer");
    assert_eq!(intake["properties"]["max_bytes"]["default"], 1000);
    assert_eq!(intake["properties"]["max_bytes"]["description"], "The longest paper, in bytes.");
    assert_eq!(intake["properties"]["mail"]["examples"][0], "admin@example.vn");
    assert_eq!(intake["properties"]["peers"]["additionalProperties"], true);
    assert_eq!(intake["properties"]["hours"]["additionalProperties"], false);
}

#[test]
fn a_default_text_that_parts_from_the_code_is_found() {
    assert_eq!(
        layers().drift(),
        [
            "intake.code: is missing; its default is \"H53\"",
            "intake.hours.days: is missing; its default is []",
            "intake.hours.from: is missing; its default is 0",
            "intake.open: is missing; its default is true",
            "store.password: has no comment",
        ]
    );
    let other = Layers::new("[store]\n# Rows.\nurl = \"memory:\"\n# Secret.\npassword = \"\"\n");
    assert_eq!(
        other.declare::<Store>("store").drift(),
        ["store.url: is \"memory:\"; its default is \"sqlite:./data/motcua.db\""]
    );
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
struct Peers(BTreeMap<String, String>);

impl Section for Peers {}

#[test]
fn a_section_of_free_keys_takes_any() {
    let layers = Layers::new("[peers]\n").declare::<Peers>("peers");
    let settings = Settings::load(layers.set(["peers.catalog=http://catalog:50051"])).unwrap();
    assert_eq!(settings.section::<Peers>("peers").unwrap().0["catalog"], "http://catalog:50051");
    assert_eq!(settings.schema()["properties"]["peers"]["additionalProperties"], true);
    assert!(settings.print().contains("[peers]\ncatalog = \"http://catalog:50051\"  # --set"));
}

proptest::proptest! {
    #[test]
    fn any_file_variable_or_argument_is_settings_or_an_error_that_tells_where(
        file in proptest::prop_oneof![
            proptest::prelude::any::<String>(),
            "(\\[?[a-z_.]{0,9}\\]? ?=? ?[\"'{}\\[\\]0-9a-z,.:]{0,12}\n){0,8}",
        ],
        pairs in proptest::collection::vec("[a-z._]{0,20}=?[ -~]{0,20}", 0..4),
        variables in proptest::collection::btree_map("MOTCUA__[A-Z_]{0,20}", ".{0,20}", 0..4),
    ) {
        let path = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(path.path(), file).unwrap();
        let layers = Layers::new(DEFAULTS).declare::<Intake>("intake");
        let layers = layers.files([path.path()]).env(variables).set(pairs);
        if let Err(error) = Settings::load(layers) {
            proptest::prop_assert!(!error.to_string().is_empty());
        }
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Talk {
    tone: Tone,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tone {
    #[default]
    Plain,
    Warm,
}

impl Section for Talk {}

#[test]
fn a_setting_of_few_words_says_which_it_takes() {
    for wrong in ["true", "1", "0.5", "'loud'"] {
        let (_folder, path) = file(&format!("[talk]\ntone = {wrong}\n"));
        let told = problems(layers().declare::<Talk>("talk").files([&path]));
        let [told] = &told[..] else { panic!("one: {told:?}") };
        let parts = ["talk.tone", wrong.trim_matches('\''), "expected `plain` or `warm`"];
        assert!(parts.iter().all(|part| told.contains(part)), "{told}");
    }
}
