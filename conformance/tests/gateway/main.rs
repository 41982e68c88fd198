//! The gateway as its users meet it: the real docker CLI of two versions, compose, and Python's SDK. Each story is told
//! to a bare engine first, then at the administrator's socket, then at the tenants' socket with real grants.

mod compose;
mod containers;
mod copying;
mod events;
mod flags;
mod housekeeping;
mod images;
mod lifecycle;
mod neighbours;
mod networks;
mod own_socket;
mod ports;
mod python_sdk;
mod refusals;
mod registry;
mod removal;
mod service;
mod streams;
mod system;
mod terminals;
mod volumes;
mod wharf_itself;
