//! The catalog.
#![allow(dead_code)]
pub mod config;
pub mod domain;
mod app;
mod events;
mod store;
