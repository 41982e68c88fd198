//! A secret in clear: in memory only, wiped when it is let go, and shown by nothing.

use std::fmt;
use thiserror::Error;
use zeroize::Zeroizing;

/// The longest value, in bytes: what Docker's own secrets may have is 500 KiB.
pub const MAX_VALUE_BYTES: usize = 512 << 10;

/// A secret's value: any bytes, at least one, at most [`MAX_VALUE_BYTES`].
#[derive(Clone, PartialEq, Eq)]
pub struct Value(Zeroizing<Vec<u8>>);

/// Why bytes are no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ValueError {
    /// There are none.
    #[error("the value is empty")]
    Empty,
    /// There are too many.
    #[error("the value is longer than 512 KiB")]
    TooLong,
}

impl Value {
    /// Takes the bytes over.
    pub fn new(bytes: Vec<u8>) -> Result<Self, ValueError> {
        let bytes = Zeroizing::new(bytes);
        match bytes.len() {
            0 => Err(ValueError::Empty),
            length if length > MAX_VALUE_BYTES => Err(ValueError::TooLong),
            _ => Ok(Self(bytes)),
        }
    }

    /// The value itself.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// So that a structure with a value in it can be looked at; never the value.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_shows_nothing_of_itself() {
        let value = Value::new(b"hunter2".to_vec()).unwrap();
        assert_eq!(format!("{value:?} {:?}", Some(&value)), "Value(..) Some(Value(..))");
        assert_eq!(value.bytes(), b"hunter2");
    }

    #[test]
    fn a_value_is_neither_nothing_nor_too_much() {
        assert_eq!(Value::new(Vec::new()), Err(ValueError::Empty));
        assert!(Value::new(vec![0; MAX_VALUE_BYTES]).is_ok());
        assert_eq!(Value::new(vec![0; MAX_VALUE_BYTES + 1]), Err(ValueError::TooLong));
    }
}
