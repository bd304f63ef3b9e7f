//! What is stored of a dossier. Functions take a transaction to write and any
//! connection to read; the keyring seals and opens what is personal.

pub(crate) mod acts;
pub(crate) mod codes;
pub(crate) mod consistency;
pub(crate) mod dossiers;
mod entity;
pub(crate) mod lists;
pub(crate) mod lookouts;
mod migrations;
pub(crate) mod offers;
pub(crate) mod papers;
mod rows;
pub(crate) mod sealed;
pub(crate) mod supplements;

pub(crate) use migrations::all as migrations;
