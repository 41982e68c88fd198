//! Where secrets are taken from: a file of a format that is read, or a directory with a file for each.

use super::opening;
use crate::args::SecretImportArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use std::path::Path;
use wharf_import::{
    ClearValue, Format, Found, ImportError, Imported, LeftOut, MAX_FILE_BYTES, MAX_SECRETS, MAX_VALUE_BYTES,
    WhyLeftOut,
};
use zeroize::Zeroizing;

/// What was read, and not opened yet.
pub(super) enum Source {
    File { bytes: Zeroizing<Vec<u8>>, format: Format, stem: String },
    Directory(Imported),
}

impl Source {
    pub(super) fn read(setting: &Setting<'_>, wanted: &SecretImportArgs) -> Result<Self, Failure> {
        let format = wanted.format.as_deref().map(str::parse::<Format>).transpose();
        let format = format.map_err(|error| Failure::of(Exit::Usage, &error))?;
        if format.is_none() && wanted.file.is_dir() {
            return directory(setting, &wanted.file).map(Self::Directory);
        }
        let most = u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX);
        let bytes = Zeroizing::new(setting.read_named(&wanted.file, most)?);
        let name = wanted.file.file_name().unwrap_or_default().to_string_lossy();
        let Some(format) = format.or_else(|| Format::recognise(&bytes, &name)) else {
            let message = format!("`{}` is in none of the formats that are read", wanted.file.display());
            let names: Vec<&str> = Format::names().collect();
            return Err(Failure::usage(message).hint(format!(
                "`--format` says which it is ({}); what is no file of many values is taken with `wharf secret set POD NAME --from-file FILE`",
                names.join(", ")
            )));
        };
        let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or("value").to_owned();
        Ok(Self::File { bytes, format, stem })
    }

    pub(super) fn open(&self, setting: &Setting<'_>, wanted: &SecretImportArgs) -> Result<Imported, Failure> {
        match self {
            Self::Directory(imported) => Ok(imported.clone()),
            Self::File { bytes, format, stem } => opening::open(setting, wanted, bytes, *format, stem),
        }
    }

    /// Whether whoever reads it has the values.
    pub(super) fn is_clear(&self) -> bool {
        match self {
            Self::Directory(_) => true,
            Self::File { format, .. } => format.is_clear(),
        }
    }
}

/// Every plain file of a directory, byte by byte. Links are not followed, and hidden files are no secrets.
fn directory(setting: &Setting<'_>, folder: &Path) -> Result<Imported, Failure> {
    let failed =
        |error: std::io::Error| Failure::usage(format!("cannot look into `{}`: {error}", folder.display()));
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        names.push((entry.file_name().to_string_lossy().into_owned(), entry));
        if names.len() > 2 * MAX_SECRETS {
            return Err(Failure::of(Exit::Usage, &ImportError::TooMany));
        }
    }
    names.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut imported = Imported::default();
    for (name, entry) in names {
        let is_plain = entry.file_type().map_err(failed)?.is_file() && !name.starts_with('.');
        if !is_plain {
            imported.left_out.push(LeftOut { path: vec![name], why: WhyLeftOut::NoFile });
            continue;
        }
        let most = u64::try_from(MAX_VALUE_BYTES).unwrap_or(u64::MAX);
        let bytes = Zeroizing::new(setting.read_named(&entry.path(), most)?);
        if bytes.is_empty() {
            imported.left_out.push(LeftOut { path: vec![name], why: WhyLeftOut::Empty });
        } else {
            imported.secrets.push(Found {
                path: vec![name],
                line: 0,
                value: ClearValue::new(bytes),
                remark: None,
            });
        }
    }
    Ok(imported)
}
