//! The engine's socket: connect, send what a permit allows, observe, stream.
//!
//! There is no other client of the engine in the program. Silent: whoever calls decides what to show.

mod endpoint;
mod engine;
mod error;
mod frames;
mod pool;
mod progress;
mod reply;

pub use endpoint::{Endpoint, EndpointError};
pub use engine::Engine;
pub use error::EngineError;
pub use frames::{Frame, Frames, Source};
pub use progress::{Progress, ProgressStream};
pub use reply::{Attached, Reply};
