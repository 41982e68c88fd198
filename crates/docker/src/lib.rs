//! The engine's socket: connect, send what a permit allows, observe, stream.
//!
//! There is no other client of the engine in the program. Silent: whoever calls decides what to show.

mod endpoint;
mod engine;
mod error;
mod events;
mod frames;
mod patience;
mod pool;
mod progress;
mod relayed;
mod reply;
mod ssh;
mod tls;

pub use endpoint::{Endpoint, EndpointError};
pub use engine::Engine;
pub use error::EngineError;
pub use events::EventStream;
pub use frames::{Frame, Frames, Source};
pub use pool::{RequestBody, streamed};
pub use progress::{Progress, ProgressStream};
pub use relayed::{Relayed, RelayedBody};
pub use reply::{Attached, ByteStream, Reply};
pub use ssh::{SshEndpoint, SshFault, SshTarget, SshTargetError};
pub use tls::{TlsClient, TlsClientError, TlsFault};
