//! The JSON Schema of pod files, for editors; made by the readers themselves.

use crate::parse::RawPod;
use wharf_document::Read;

/// JSON Schema (2020-12) of a pod file. It allows everything that [`crate::parse`] allows; what a schema cannot say
/// (two mounts with one target, dependencies in a circle) only `parse` refuses.
pub fn schema() -> serde_json::Value {
    RawPod::shape().into_document("Wharfinger pod file")
}
