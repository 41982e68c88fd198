//! What the engine says when it says no.

use serde::Deserialize;
use thiserror::Error;

/// An answer that is not what its question allows.
#[derive(Debug, Error)]
#[error("the engine's answer to {question} is not understood")]
pub struct AnswerError {
    /// Method and path.
    pub question: String,
    /// What is wrong with it.
    #[source]
    pub source: serde_json::Error,
}

/// The text in an error's body, `{"message": "…"}`, or the body itself when it is something else; at most 2000
/// characters, without control characters.
pub fn engine_message(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Message {
        message: String,
    }
    let text = match serde_json::from_slice::<Message>(body) {
        Ok(said) => said.message,
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    text.trim().chars().take(2000).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_taken_out_of_its_envelope() {
        assert_eq!(engine_message(br#"{"message":"no such image: x\u001b[31m"}"#), "no such image: x [31m");
        assert_eq!(engine_message(b"404 page not found\n"), "404 page not found");
        assert_eq!(engine_message(&[b'x'; 5000]).len(), 2000);
    }
}
