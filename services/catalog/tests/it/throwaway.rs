use crate::support::*;
use motcua_proto::catalog::v1 as proto;
use motcua_testkit::Database;
use std::fmt::Write;

#[tokio::test(flavor = "multi_thread")]
async fn measure() {
    for db in [Database::Sqlite, Database::Postgres] {
        let stage = Stage::open(db).await;
        let text = std::fs::read_to_string("/work/shared/procedure-names.tsv").unwrap();
        let mut file = String::new();
        let mut names = vec![];
        for line in text.lines().skip(1) {
            let p: Vec<_> = line.split('\t').collect();
            if [
                "1.001193", "1.000894", "1.004873", "1.013225", "1.012644", "1.012994", "2.000815",
                "2.000424",
            ]
            .contains(&p[0])
            {
                continue;
            }
            names.push(p[1].to_owned());
            write!(file, "---\nnumber: \"{}\"\nname: {}\nfield: ho-tich\nlevel: commune\naudience: [citizen]\nservice_level: information_only\nfront_door: national\ncases:\n  - code: default\n    name: Chung\n    ways: [{{channel: desk, limit: {{amount: 5, unit: working_days}}}}]\n", p[0], serde_json::to_string(p[1]).unwrap()).unwrap();
        }
        let t = std::time::Instant::now();
        let editor = officer(motcua_context::Role::CatalogEditor, stage.province);
        let a =
            import(&stage.env, &editor, proto::ImportFormat::Yaml, file.clone().into_bytes(), true)
                .await
                .unwrap();
        println!(
            "{db:?} import {} rows imported={} created={} in {:?}",
            a.rows.len(),
            a.imported,
            a.created,
            t.elapsed()
        );
        for r in a.rows.iter().filter(|r| !r.error.is_empty()).take(5) {
            println!("{} {}", r.key, r.error);
        }
        let t = std::time::Instant::now();
        let a = import(&stage.env, &editor, proto::ImportFormat::Yaml, file.into_bytes(), true)
            .await
            .unwrap();
        println!("again unchanged={} in {:?}", a.unchanged, t.elapsed());
        let t = std::time::Instant::now();
        stage.find("khai sinh").await;
        println!("first search (index built) {:?}", t.elapsed());
        let mut times = vec![];
        for n in names.iter().step_by(13) {
            let t = std::time::Instant::now();
            let asked = proto::SearchProceduresRequest {
                query: n.clone(),
                page_size: 5,
                ..Default::default()
            };
            stage.public().search_procedures(asked).await.unwrap();
            times.push(t.elapsed());
        }
        times.sort();
        println!(
            "search rpc p50 {:?} p99 {:?} n={}",
            times[times.len() / 2],
            times[times.len() * 99 / 100],
            times.len()
        );
        let v = stage.procedure("1.001193").await.current_version;
        let mut times = vec![];
        for _ in 0..300 {
            let t = std::time::Instant::now();
            stage.version(&v).await;
            times.push(t.elapsed());
        }
        times.sort();
        println!("GetProcedureVersion p50 {:?} p99 {:?}", times[150], times[297]);
        let procedure = stage.procedure("1.001193").await.name;
        let agency = stage.agency("H53.41").await.name;
        let mut times = vec![];
        for _ in 0..300 {
            let t = std::time::Instant::now();
            stage
                .public()
                .get_clock_rules(proto::GetClockRulesRequest {
                    agency: agency.clone(),
                    procedure: procedure.clone(),
                    date: String::new(),
                })
                .await
                .unwrap();
            times.push(t.elapsed());
        }
        times.sort();
        println!("GetClockRules p50 {:?} p99 {:?}", times[150], times[297]);
    }
}
