//! Engines that are reached in other ways than by a socket on this machine: TLS and `ssh`, with real servers of both.

mod attacks;
mod certificates;
mod contexts;
mod dial_stdio;
mod people;
mod rootless;
mod ssh;
mod table;
mod tls;
