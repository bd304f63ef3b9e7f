//! What the catalog says to the others. It listens to nobody.

mod publish;

pub(crate) use publish::publish;
