//! A sealed file as text: one line for each reader, and values as blocks, so that a diff shows what changed.

use crate::SealedFile;
use crate::sealed_file::{Entry, Sealed};
use std::fmt::{self, Write};
use wharf_document::Yaml;

/// What the file says of itself to whoever finds it.
const HEAD: &str = "# Sealed by wharf: safe to commit. `wharf secret` changes it.\n";

pub(crate) fn print(file: &SealedFile) -> String {
    let mut text = without_signature(file);
    if let Some(signature) = &file.signature {
        let _ = block(&mut text, "signature", signature, 0); // writing to a String cannot fail
    }
    text
}

/// What a signature is for.
pub(crate) fn without_signature(file: &SealedFile) -> String {
    let mut text = String::from(HEAD);
    let _ = write_frame(&mut text, file); // writing to a String cannot fail
    text
}

fn write_frame(text: &mut String, file: &SealedFile) -> fmt::Result {
    write!(text, "version: 1\nowner: {}\npod: {}\nreaders:\n", scalar(&file.owner), scalar(&file.pod))?;
    for reader in &file.readers {
        writeln!(text, "  - {{name: {}, key: {}}}", scalar(&reader.name), scalar(&reader.key))?;
    }
    if file.secrets.is_empty() {
        return text.write_str("secrets: {}\n");
    }
    text.write_str("secrets:\n")?;
    for (name, entry) in &file.secrets {
        writeln!(text, "  {}:", scalar(name))?;
        write_entry(text, entry)?;
    }
    Ok(())
}

fn write_entry(text: &mut String, entry: &Entry) -> fmt::Result {
    write_sealed(text, &entry.sealed, 4)?;
    let Some(previous) = &entry.previous else { return Ok(()) };
    writeln!(text, "    previous:\n      until: {}", previous.until)?;
    write_sealed(text, &previous.sealed, 6)
}

fn write_sealed(text: &mut String, sealed: &Sealed, indent: usize) -> fmt::Result {
    writeln!(text, "{:indent$}generation: {}", "", sealed.generation)?;
    block(text, "value", &sealed.armor, indent)
}

fn block(text: &mut String, key: &str, lines: &str, indent: usize) -> fmt::Result {
    writeln!(text, "{:indent$}{key}: |", "")?;
    let indent = indent + 2;
    lines.lines().try_for_each(|line| writeln!(text, "{:indent$}{line}", ""))
}

fn scalar(value: &impl fmt::Display) -> String {
    Yaml::text(value).to_string().trim().to_owned()
}
