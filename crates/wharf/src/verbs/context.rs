//! `wharf context`: docker contexts, by which `docker` finds an engine or a gateway without variables.

mod ls;
mod make;
mod rights;

use crate::args::{ContextArgs, ContextVerb};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;

/// What somebody means who knows `docker context`, or who says a word of ours after an option: a context of such a name is made only by `make`.
const WORDS: [&str; 12] =
    ["create", "export", "import", "inspect", "list", "ls", "make", "remove", "rm", "show", "update", "use"];

pub(crate) fn run(setting: &Setting<'_>, args: &ContextArgs) -> Result<Exit, Failure> {
    match &args.what {
        Some(ContextVerb::Ls { offline }) => {
            ls::run(setting, if *offline { ls::Asking::Nobody } else { ls::Asking::Everyone })
        }
        Some(ContextVerb::Make(make)) => make::run(setting, &make.name, make.make_current),
        None => {
            let name = args.make.name.as_str();
            if WORDS.contains(&name) {
                let message = format!("`{name}` is no context's name without `make` before it");
                return Err(Failure::usage(message).hint(format!(
                    "`wharf context ls` lists contexts, and `docker context` does the rest; `wharf context make {name}` \
                     makes a context of that name"
                )));
            }
            make::run(setting, name, args.make.make_current)
        }
    }
}
