//! Each answer: read the request, one use case, show what came of it.

mod clocks;
mod imports;
mod places;
mod procedures;
mod versions;

use motcua_context::Ctx;
use motcua_fault::Fault;
use serde::Serialize;

use super::Service;

impl Service {
    /// Cuts off what was read one too many, and makes the token of the rest.
    fn cut<T, C: Serialize>(
        &self,
        ctx: &Ctx,
        filter: &impl prost::Name,
        rows: &mut Vec<T>,
        size: u64,
        cursor: impl FnOnce(&T) -> C,
    ) -> Result<String, Fault> {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if rows.len() <= size {
            return Ok(String::new());
        }
        rows.truncate(size);
        let Some(last) = rows.last() else { return Ok(String::new()) };
        self.pages.token(ctx, filter, &cursor(last))
    }
}
