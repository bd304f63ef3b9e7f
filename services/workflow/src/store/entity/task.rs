use sea_orm::entity::prelude::*;

/// A task.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub process: Uuid,
    /// Its place among the tasks of the process.
    pub position: i32,
    pub step: String,
    pub consult: Option<String>,
    pub name: String,
    pub role: String,
    /// The last of `post`.
    pub agency: Uuid,
    pub post: String,
    pub came_from: Option<String>,
    pub opened_at: ChronoDateTimeUtc,
    pub due_at: Option<ChronoDateTimeUtc>,
    pub near_at: Option<ChronoDateTimeUtc>,
    pub state: String,
    /// Whether it is not over.
    pub is_open: bool,
    pub holder: Option<Uuid>,
    pub held_since: Option<ChronoDateTimeUtc>,
    pub ended_at: Option<ChronoDateTimeUtc>,
    pub ended_how: Option<String>,
    pub timeliness: Option<String>,
    /// 0: filed online, so first in the queue; 1: otherwise.
    pub rank: i16,
    /// `due_at` in microseconds; the largest number where there is none.
    pub due_key: i64,
}

impl ActiveModelBehavior for ActiveModel {}
