use sea_orm_migration::prelude::*;

/// The step that makes the record's tables: rows wait in `audit_new` until they are chained
/// into `audit`, and seals stand beside. Nothing in it can be changed or taken away.
pub struct Tables;

impl MigrationName for Tables {
    fn name(&self) -> &'static str {
        "m20261122_100000_audit"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Tables {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let id = ColumnDef::new("id").uuid().not_null().to_owned();
        let new = entry("audit_new", id.clone().primary_key().to_owned());
        manager.create_table(new).await?;
        let mut chained = entry("audit", id.clone().unique_key().to_owned());
        chained
            .col(ColumnDef::new("position").big_integer().not_null().primary_key())
            .col(ColumnDef::new("hash").binary().not_null());
        manager.create_table(chained).await?;
        manager.create_table(seal()).await?;
        let db = manager.get_connection();
        db.execute_unprepared("CREATE INDEX audit_at ON audit (at)").await?;
        let refusals = match db.get_database_backend() {
            sea_orm::DbBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        for refusal in refusals {
            db.execute_unprepared(refusal).await?;
        }
        Ok(())
    }
}

fn entry(table: &'static str, id: ColumnDef) -> TableCreateStatement {
    Table::create()
        .table(table)
        .col(id)
        .col(ColumnDef::new("at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("kind").string().not_null())
        .col(ColumnDef::new("actor").string().not_null())
        .col(ColumnDef::new("on_behalf_of").string())
        .col(ColumnDef::new("cause").string().not_null())
        .col(ColumnDef::new("key").binary().not_null())
        .col(ColumnDef::new("subjects").text().not_null())
        .col(ColumnDef::new("purpose").string())
        .col(ColumnDef::new("outcome").text().not_null())
        .to_owned()
}

fn seal() -> TableCreateStatement {
    Table::create()
        .table("audit_seal")
        .col(ColumnDef::new("number").big_integer().not_null().primary_key())
        .col(ColumnDef::new("position").big_integer().not_null())
        .col(ColumnDef::new("hash").binary().not_null())
        .col(ColumnDef::new("at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("signer").binary().not_null())
        .col(ColumnDef::new("signature").binary().not_null())
        .to_owned()
}

const SQLITE: &[&str] = &[
    "CREATE TRIGGER audit_kept BEFORE UPDATE ON audit \
     BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END",
    "CREATE TRIGGER audit_stays BEFORE DELETE ON audit \
     BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END",
    "CREATE TRIGGER audit_seal_kept BEFORE UPDATE ON audit_seal \
     BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END",
    "CREATE TRIGGER audit_seal_stays BEFORE DELETE ON audit_seal \
     BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END",
    "CREATE TRIGGER audit_new_kept BEFORE UPDATE ON audit_new \
     BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END",
    // A row leaves the queue only for the chain.
    "CREATE TRIGGER audit_new_stays BEFORE DELETE ON audit_new \
     WHEN NOT EXISTS (SELECT 1 FROM audit WHERE audit.id = OLD.id) \
     BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END",
];

const POSTGRES: &[&str] = &[
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'the audit log is never changed'; END $$",
    "CREATE FUNCTION audit_chained() RETURNS trigger LANGUAGE plpgsql \
     SET search_path FROM CURRENT AS $$ BEGIN \
     IF EXISTS (SELECT 1 FROM audit WHERE audit.id = OLD.id) THEN RETURN OLD; END IF; \
     RAISE EXCEPTION 'the audit log is never changed'; END $$",
    "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit \
     FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_seal_kept BEFORE UPDATE OR DELETE ON audit_seal \
     FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_seal_whole BEFORE TRUNCATE ON audit_seal \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_new_kept BEFORE UPDATE ON audit_new \
     FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    // A row leaves the queue only for the chain.
    "CREATE TRIGGER audit_new_stays BEFORE DELETE ON audit_new \
     FOR EACH ROW EXECUTE FUNCTION audit_chained()",
    "CREATE TRIGGER audit_new_whole BEFORE TRUNCATE ON audit_new \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
];
