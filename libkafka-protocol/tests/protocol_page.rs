//! `PROTOCOL.md`: the APIs and their versions as a page, made from `SCHEMA`.
//!
//! `BLESS=1` writes it anew. The releases are facts about Kafka's past, kept in
//! `golden/releases.tsv`: a new version of an API gets its entry there.

use std::collections::BTreeMap;
use std::fmt::Write;

use libkafka_protocol::messages::*;
use libkafka_protocol::{ApiKey, Request, StructSchema, TargetKind, Versions, WireStruct};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/PROTOCOL.md");

const HEAD: &str = "\
# The protocol of Apache Kafka 4.4

Every API and every version that this crate carries: one request, one response
and one module under [`messages`](src/messages) each. A test makes this page
from the structs (`BLESS=1 cargo test -p libkafka-protocol --test
protocol_page`).

- *Flexible*: the versions with compact lengths and tagged fields (KIP-482).
  Their requests have header version 2 and their responses 1, the others 1
  and 0; the response header of ApiVersions stays at 0 (KIP-511).
- *Asked of*: the broker that a client has to send the request to.
- *Since*: the first release of Kafka that knew a version as stable; 0.8.2 stands
  for what is older, too.

";

/// Versions by release, oldest first.
type Releases = Vec<(&'static str, Versions)>;

fn releases() -> BTreeMap<i16, Releases> {
    let lines = include_str!("golden/releases.tsv").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut columns = line.split('\t');
            let key = columns.next().unwrap().parse().unwrap();
            let name = columns.next().unwrap();
            assert_eq!(ApiKey(key).name(), Some(name));
            let releases = columns.next().unwrap().split(' ').map(|entry| {
                let (release, range) = entry.split_once(':').unwrap();
                let (min, max) = range.split_once('-').unwrap_or((range, range));
                let versions = Versions::new(min.parse().unwrap(), max.parse().unwrap());
                (release, versions)
            });
            (key, releases.collect())
        })
        .collect()
}

struct Api {
    schema: &'static StructSchema,
    broker: TargetKind,
}

/// The APIs by key, and the schemas that belong to none.
fn all() -> (BTreeMap<i16, Api>, Vec<&'static StructSchema>) {
    let (mut apis, mut others) = (BTreeMap::new(), Vec::new());
    macro_rules! add {
        (request $message:ident) => {{
            let api = Api {
                schema: $message::SCHEMA,
                broker: $message::TARGET,
            };
            apis.insert(<$message as Request>::API_KEY.0, api);
        }};
        (response $message:ident) => {{
            // Where the two differ, a line for both would be wrong of one.
            let response = $message::SCHEMA;
            let request = &apis[&response.api_key.unwrap()].schema;
            assert_eq!(response.versions, request.versions, "{}", response.name);
            assert_eq!(response.flexible, request.flexible, "{}", response.name);
        }};
        ($other:ident $message:ident) => {
            others.push($message::SCHEMA)
        };
    }
    macro_rules! add_all {
        ($($kind:ident $message:ident;)*) => { $(add!($kind $message);)* };
    }
    libkafka_protocol::for_each_message!(add_all);
    (apis, others)
}

/// A range as a person writes it, in the versions that `schema` has.
fn range(versions: Versions, schema: &StructSchema) -> String {
    match versions.intersect(schema.versions) {
        none if none.is_empty() => "never".to_owned(),
        one if one.min == one.max => one.min.to_string(),
        some => format!("{}–{}", some.min, some.max),
    }
}

fn asked_of(broker: TargetKind) -> &'static str {
    match broker {
        TargetKind::Any => "any",
        TargetKind::Leader => "leader",
        TargetKind::Controller => "controller",
        TargetKind::GroupCoordinator => "group coordinator",
        TargetKind::TransactionCoordinator => "transaction coordinator",
        TargetKind::ShareCoordinator => "share coordinator",
        _ => "?",
    }
}

fn page() -> String {
    let (apis, others) = all();
    let releases = releases();
    let mut page = HEAD.to_owned();
    page.push_str("| Key | API | Versions | Flexible | Asked of | Since |\n");
    page.push_str("| ---: | --- | --- | --- | --- | --- |\n");
    for (key, Api { schema, broker }) in &apis {
        let name = schema.name.strip_suffix("Request").unwrap();
        let since: Vec<String> = releases
            .get(key)
            .into_iter()
            .flatten()
            .map(|(release, versions)| format!("{release}: v{}", range(*versions, schema)))
            .collect();
        let (versions, flexible) = (
            range(schema.versions, schema),
            range(schema.flexible, schema),
        );
        let (broker, since) = (asked_of(*broker), since.join(", "));
        writeln!(
            page,
            "| {key} | {name} | {versions} | {flexible} | {broker} | {since} |"
        )
        .unwrap();
    }
    page.push_str("\n## Headers, and what Kafka keeps in the same notation\n\n");
    page.push_str("| Schema | Versions | Flexible |\n| --- | --- | --- |\n");
    for schema in others {
        let (versions, flexible) = (
            range(schema.versions, schema),
            range(schema.flexible, schema),
        );
        writeln!(page, "| {} | {versions} | {flexible} |", schema.name).unwrap();
    }
    page.push_str("\n## Keys without a version\n\n");
    page.push_str("Taken by APIs that Kafka has retired, or has not begun to answer:\n");
    let mut retired = ApiKey::known()
        .filter(|key| !apis.contains_key(&key.0))
        .peekable();
    while let Some(key) = retired.next() {
        let end = if retired.peek().is_some() { "," } else { "." };
        writeln!(page, "{} ({}){end}", key.name().unwrap_or("?"), key.0).unwrap();
    }
    page
}

#[test]
fn the_page_of_the_protocol_is_what_the_schemas_say() {
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PAGE, &page).unwrap();
    }
    let written = std::fs::read_to_string(PAGE).unwrap_or_default();
    let different = page
        .lines()
        .zip(written.lines())
        .find(|(new, old)| new != old);
    assert!(
        page == written,
        "PROTOCOL.md is out of date; BLESS=1 writes it anew. The first difference: {different:#?}"
    );
}

#[test]
fn the_release_of_every_version_is_on_record() {
    let releases = releases();
    for (key, api) in all().0 {
        let name = api.schema.name;
        let known = releases
            .get(&key)
            .unwrap_or_else(|| panic!("golden/releases.tsv lacks {name}"));
        let known: Vec<i16> = known
            .iter()
            .flat_map(|(_, versions)| versions.iter())
            .collect();
        let ours: Vec<i16> = api.schema.versions.iter().collect();
        assert_eq!(
            known, ours,
            "golden/releases.tsv has other versions of {name}"
        );
    }
}
