//! What a tenant may use: the sums that are judged, the races that could cheat them, the disk that is measured, and the
//! control group by which the kernel holds what admission promised.

mod counts;
mod disk;
mod kernel;
mod races;
mod sums;
