//! `wharf secret import`: files that the real `ansible-vault` and `age` made, SOPS files whose values are by the first `sops`
//! (its successor, in Go, cannot be had where these tests run), and what is not taken.

mod attacks;
mod desk;
mod formats;
mod table;
