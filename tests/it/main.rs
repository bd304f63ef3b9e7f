//! The tests of the whole system, as one binary.

mod architecture;
mod keeper;
