use motcua_fault::{Fault, Kind};
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// Says what a database error means to the caller.
pub trait OrFault<T> {
    /// Unavailable, aborted or internal; the cause is kept for the log.
    fn or_fault(self) -> Result<T, Fault>;
}

impl<T> OrFault<T> for Result<T, DbErr> {
    fn or_fault(self) -> Result<T, Fault> {
        self.map_err(fault)
    }
}

fn fault(error: DbErr) -> Fault {
    if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) || is_connection_loss(&error) {
        return Fault::unavailable("database").because(error);
    }
    if is_conflict(&error) {
        return Fault::new(
            Kind::Aborted,
            "CONFLICT",
            "Dữ liệu vừa được người khác thay đổi, vui lòng tải lại và thực hiện lại.",
        )
        .because(error);
    }
    Fault::internal(error)
}

fn is_connection_loss(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) =
        error
    else {
        return false;
    };
    match &**cause {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // Going down or coming up (57P0), the connection (08), out of memory, disk or
        // connections (53), its files (58), a standby that was the primary (25006).
        sqlx::Error::Database(e) => e.code().is_some_and(|code| {
            ["57P0", "08", "53", "58", "25006"].iter().any(|class| code.starts_with(class))
        }),
        _ => false,
    }
}

fn is_conflict(error: &DbErr) -> bool {
    if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
        return true;
    }
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) =
        error
    else {
        return false;
    };
    let sqlx::Error::Database(e) = &**cause else { return false };
    // PostgreSQL: serialization failure, deadlock, and waits that took too long.
    // SQLite: busy, locked, busy snapshot.
    e.code().is_some_and(|c| {
        matches!(&*c, "40001" | "40P01" | "55P03" | "57014" | "25P03" | "5" | "6" | "517")
    })
}
