//! Tries to take a file or directory out of its project, in each way there is, and says of each whether it worked. Tests compile
//! it by itself, statically, to run in a container; it is part of no crate.

use std::os::fd::AsRawFd;

/// `struct fsxattr` of linux/fs.h: flags, extent size, extents, project, copy extent size, and padding.
type Attributes = [u32; 7];

unsafe extern "C" {
    fn ioctl(fd: i32, request: u64, argument: *mut u32) -> i32;
}

const GET: u64 = 0x801c_581f;
const SET: u64 = 0x401c_5820;
const GET_FLAGS: u64 = 0x8008_6601;
const SET_FLAGS: u64 = 0x4008_6602;
/// `FS_XFLAG_PROJINHERIT` and `FS_PROJINHERIT_FL`.
const INHERIT: u32 = 0x200;
const INHERIT_FLAG: u32 = 0x2000_0000;

fn main() {
    for path in std::env::args().skip(1) {
        let file = std::fs::File::open(&path).expect("a file");
        let call = |request, argument: &mut [u32]| {
            // SAFETY: each request gets what it reads or writes, and room to spare.
            unsafe { ioctl(file.as_raw_fd(), request, argument.as_mut_ptr()) == 0 }
        };
        let mut found: Attributes = [0; 7];
        assert!(call(GET, &mut found), "{path}: no attributes");
        println!("{path} is of project {}", found[3]);
        for (project, flags) in [(0, found[0]), (found[3] + 1, found[0]), (found[3], found[0] ^ INHERIT)] {
            let mut wanted = found;
            (wanted[0], wanted[3]) = (flags, project);
            if wanted != found && call(SET, &mut wanted) {
                println!("{path} escaped by {wanted:?}");
            }
        }
        let mut flags = [0; 2];
        assert!(call(GET_FLAGS, &mut flags), "{path}: no flags");
        flags[0] ^= INHERIT_FLAG;
        if call(SET_FLAGS, &mut flags) && {
            assert!(call(GET, &mut found));
            found[0] & INHERIT == 0
        } {
            println!("{path} escaped by {flags:?}");
        }
    }
}
