mod assessing;
mod giving_back;
mod paying;
mod policies;
mod statements;
mod support;
mod wandering;
