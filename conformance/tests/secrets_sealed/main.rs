//! Secrets are sealed in files that are safe to commit: the real program at a terminal, in pipes and under sudo, with the
//! real `age` and `ssh-keygen` beside it.

mod attacks;
mod desk;
mod killed;
mod peers;
mod table;
mod terminal;
mod verbs;
