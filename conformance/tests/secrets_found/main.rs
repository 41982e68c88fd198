//! Secrets in clear are found before they are committed, and repositories are read without obeying them: the real program
//! on repositories that the real git made.

mod attacks;
mod control;
mod desk;
mod finding;
mod hostile;
mod table;
