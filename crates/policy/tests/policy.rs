//! What the policy answers: rule by rule, and as a table of calls and actors.

#[path = "policy/calls.rs"]
mod calls;
#[path = "policy/rules.rs"]
mod rules;
#[path = "policy/world.rs"]
mod world;
