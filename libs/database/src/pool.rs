use sea_orm::{DatabaseConnection, DbBackend};

use crate::Database;

/// The connections of one pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// `reader` and `writer` where they differ, `pool` where not.
    pub name: &'static str,
    /// Connections at work.
    pub used: u32,
    /// Connections at hand.
    pub idle: u32,
    /// Connections at the most.
    pub max: u32,
}

impl Database {
    /// How the connections are used.
    pub fn pools(&self) -> Vec<Pool> {
        if self.is_sqlite() {
            vec![pool("reader", self.reader()), pool("writer", self.writer())]
        } else {
            vec![pool("pool", self.reader())]
        }
    }
}

fn pool(name: &'static str, db: &DatabaseConnection) -> Pool {
    let (size, idle, max) = if db.get_database_backend() == DbBackend::Sqlite {
        let pool = db.get_sqlite_connection_pool();
        (pool.size(), pool.num_idle(), pool.options().get_max_connections())
    } else {
        let pool = db.get_postgres_connection_pool();
        (pool.size(), pool.num_idle(), pool.options().get_max_connections())
    };
    let idle = u32::try_from(idle).unwrap_or(size).min(size);
    Pool { name, used: size - idle, idle, max }
}
