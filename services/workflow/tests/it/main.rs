//! The service through its own gRPC, in process, on both databases.

mod access;
mod alarms;
mod consults;
mod due_dates;
mod endings;
mod officers;
mod once;
mod queue;
mod results;
mod steps;
mod supplements;
mod support;
