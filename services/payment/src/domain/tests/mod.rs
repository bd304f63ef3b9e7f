mod assessing;
mod giving_back;
mod paying;
mod policies;
mod support;
mod wandering;
