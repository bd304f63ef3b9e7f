use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, JsonValue, Statement};

/// How the database would find what a statement asks for, in its own words.
pub async fn plan(db: &impl ConnectionTrait, asked: Statement) -> String {
    let explain = match db.get_database_backend() {
        DbBackend::Postgres => "EXPLAIN",
        _ => "EXPLAIN QUERY PLAN",
    };
    let asked = Statement { sql: format!("{explain} {}", asked.sql), ..asked };
    let rows = JsonValue::find_by_statement(asked).all(db).await.unwrap();
    rows.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
