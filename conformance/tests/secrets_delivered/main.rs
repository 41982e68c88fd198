//! Secrets on their way from a sealed file to one container: found there and nowhere else, changed there, taken away
//! there; and what somebody may try meanwhile. Real engines, real kernel memory, the real program.

mod attacks;
mod changing;
mod delivering;
mod ground;
mod killed;
mod restoring;
mod sudo;
mod table;
