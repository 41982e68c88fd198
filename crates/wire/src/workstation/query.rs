//! Reads about workstations.

use super::WORKSTATION_LABEL;
use wharf_model::{WorkstationContainer, WorkstationName};

/// One container, by its name. What the engine answers may be another's: whoever asks looks at its labels.
#[derive(Debug, Clone)]
pub struct WorkstationNamed(pub WorkstationContainer);

/// Every container that carries the label: of one workstation, or of all.
#[derive(Debug, Clone)]
pub struct WorkstationContainers(pub Option<WorkstationName>);

/// The volume that has the name of a workstation's home. It may be another's: whoever asks looks at its labels.
#[derive(Debug, Clone)]
pub struct WorkstationHome(pub WorkstationName);

/// Every volume that carries the label.
#[derive(Debug, Clone, Copy)]
pub struct WorkstationHomes;

/// Every image that carries the label of this workstation.
#[derive(Debug, Clone)]
pub struct WorkstationImages(pub WorkstationName);

/// The label, of one workstation or of all.
pub(crate) fn label_of(workstation: Option<&WorkstationName>) -> String {
    workstation.map_or_else(|| WORKSTATION_LABEL.to_owned(), |name| format!("{WORKSTATION_LABEL}={name}"))
}
