//! One page of an office's queue, with a million open tasks in the province.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use motcua::demo::{
    cast::Signed,
    world::{World, refused},
};
use motcua_proto::{
    access::v1::Role,
    workflow::v1::{ListTasksRequest, Task, TaskFilter},
};
use sqlx::{Connection, Executor, PgConnection, types::Uuid};

const PAGES: usize = 300;
const PAGE: i32 = 100;
/// Like the one that is there: ten thousand processes, and a hundred tasks of each, in a hundred
/// offices.
const PROCESSES: &str = "CREATE TEMP TABLE made AS \
      SELECT n, gen_random_uuid() AS id FROM generate_series(0, 9999) n; \
    INSERT INTO workflow.process SELECT alike.* FROM made, workflow.process p, \
      jsonb_populate_record(p, jsonb_build_object('id', made.id, 'code', p.code || '-' || n)) alike \
      WHERE p.id = '{process}'; \
    CREATE TEMP TABLE office AS SELECT n, CASE WHEN n = 0 THEN t.agency ELSE gen_random_uuid() END \
      AS id FROM workflow.task t, generate_series(0, 99) n WHERE t.id = '{task}'; \
    INSERT INTO workflow.task SELECT alike.* FROM made, office, workflow.task t, \
      jsonb_populate_record(t, jsonb_build_object( \
        'id', gen_random_uuid(), 'process', made.id, 'position', 100 + office.n, \
        'agency', office.id, 'rank', made.n % 2, \
        'due_key', t.due_key + made.n * 60000000::bigint)) alike \
      WHERE t.id = '{task}'; \
    ANALYZE workflow.process; ANALYZE workflow.task";

/// An office with its queue.
pub(crate) struct Queue {
    world: World,
    head: Signed,
    agency: String,
}

impl Queue {
    /// Makes a million tasks like one that waits.
    pub(crate) async fn begin(
        world: &World,
        head: &Signed,
        task: &Task,
        url: &str,
    ) -> Result<Self> {
        let id = |name: &str| name.split('/').nth(1).map(str::parse::<Uuid>).transpose();
        let [process, of_it] = [id(&task.process)?, id(&task.name)?].map(Option::unwrap_or_default);
        let made = PROCESSES
            .replace("{process}", &process.to_string())
            .replace("{task}", &of_it.to_string());
        let mut db = PgConnection::connect(url).await?;
        // Only ids of our own are in it.
        db.execute(sqlx::AssertSqlSafe(made)).await?;
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM workflow.task WHERE is_open")
            .fetch_one(&mut db)
            .await?;
        ensure!(count > 1_000_000, "{count} open tasks");
        Ok(Self { world: world.clone(), head: head.clone(), agency: task.agency.clone() })
    }

    /// How long pages take, one after another: the median and the 99th percentile.
    pub(crate) async fn pages(&self) -> Result<(Duration, Duration)> {
        let mut took = Vec::with_capacity(PAGES);
        let mut token = String::new();
        let mut workflow = self.world.workflow(&self.head);
        for _ in 0..PAGES {
            let request = ListTasksRequest {
                role: Role::HeadOfUnit.into(),
                agency: self.agency.clone(),
                filter: TaskFilter::Waiting.into(),
                page_size: PAGE,
                page_token: token,
            };
            let begun = Instant::now();
            let page = workflow.list_tasks(request).await.map_err(refused)?.into_inner();
            took.push(begun.elapsed());
            // The last page of ten thousand is followed by the first.
            ensure!(page.tasks.len() == PAGE as usize || page.next_page_token.is_empty());
            token = page.next_page_token;
        }
        took.sort_unstable();
        Ok((took[PAGES / 2], took[PAGES * 99 / 100]))
    }
}
