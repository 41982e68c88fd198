//! Git repositories read as data: what is staged, what ever was committed. No git is run in them, and nothing that their
//! configuration names is.
