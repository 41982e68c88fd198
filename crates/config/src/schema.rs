//! The JSON Schema of host configurations, for editors; made by the readers themselves.

use crate::parse::HostFile;
use wharf_document::Read;

/// JSON Schema (2020-12) of a host configuration. It allows everything that [`crate::parse`] allows.
pub fn schema() -> serde_json::Value {
    HostFile::shape().into_document("Wharfinger host configuration")
}
