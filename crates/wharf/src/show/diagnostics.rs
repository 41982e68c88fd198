//! Errors in files: file, line, column, the text underlined, what is allowed.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::{Colours, one_line};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::path::Path;
use wharf_document::Diagnostic;

/// The most errors that are shown of one file.
const MOST: usize = 50;

/// All errors of one file. Without `content` only positions are shown: the reader may not know what the file says.
pub(crate) fn file_errors(path: &Path, content: Option<&str>, errors: &[Diagnostic]) -> Failure {
    let shown = errors.iter().take(MOST);
    let path_text = one_line(&path.display().to_string());
    let details = match content {
        Some(text) => shown.map(|error| underlined(&path_text, text, error)).collect(),
        None => shown.map(|error| format!("{path_text}: {}", error.without_content())).collect(),
    };
    let count = errors.len();
    let message = match count {
        1 => format!("`{path_text}` has an error"),
        _ if count > MOST => format!("`{path_text}` has {count} errors; the first {MOST} are shown"),
        _ => format!("`{path_text}` has {count} errors"),
    };
    Failure { details, ..Failure::new(Exit::Usage, message) }
}

fn underlined(path: &str, text: &str, error: &Diagnostic) -> String {
    let renderer = if Colours::of_stderr().is_on() { Renderer::styled() } else { Renderer::plain() };
    let end = error.span.end.min(text.len());
    let start = error.span.start.min(end);
    let label = error.path.as_str();
    let annotation = AnnotationKind::Primary.span(start..end).label(label);
    let snippet = Snippet::source(text).line_start(1).path(path).annotation(annotation);
    let help = error.help.as_ref().map(|help| Level::HELP.message(help.as_str()));
    let report = Level::ERROR.primary_title(error.message.as_str()).element(snippet).elements(help);
    renderer.render(&[report])
}
