//! What happens, told as it happens.

/// Who is told.
pub trait Telling {
    /// Something begins, in words.
    fn step(&self, text: &str);
    /// Output of something that runs, as it is: of a package manager, of a build.
    fn output(&self, bytes: &[u8]);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Telling for Silent {
    fn step(&self, _text: &str) {}
    fn output(&self, _bytes: &[u8]) {}
}
