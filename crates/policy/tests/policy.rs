//! What the policy answers: rule by rule, and as tables of calls and actors.

#[path = "policy/calls.rs"]
mod calls;
#[path = "policy/rules.rs"]
mod rules;
#[path = "policy/secrets.rs"]
mod secrets;
#[path = "policy/tenant_calls.rs"]
mod tenant_calls;
#[path = "policy/tenant_complete.rs"]
mod tenant_complete;
#[path = "policy/tenant_properties.rs"]
mod tenant_properties;
#[path = "policy/tenant_rules.rs"]
mod tenant_rules;
#[path = "policy/tenant_world.rs"]
mod tenant_world;
#[path = "policy/workstation_calls.rs"]
mod workstation_calls;
#[path = "policy/workstation_rules.rs"]
mod workstation_rules;
#[path = "policy/workstation_world.rs"]
mod workstation_world;
#[path = "policy/world.rs"]
mod world;
