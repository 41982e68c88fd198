//! The arguments of `ps` that `top` may be given: the engine runs the host's own `ps` with them, as root.

use crate::ask::{Forbidden, Refusal};

const FORMS: &[&str] = &[
    "-e", "-ef", "-eF", "-el", "-eLf", "-A", "-aux", "aux", "auxf", "auxw", "auxww", "ax", "axu", "axf",
    "-ax", "-f", "-l", "u",
];

const COLUMNS: &[&str] = &[
    "%cpu",
    "%mem",
    "args",
    "c",
    "cmd",
    "comm",
    "command",
    "cputime",
    "egid",
    "egroup",
    "etime",
    "etimes",
    "euid",
    "euser",
    "gid",
    "group",
    "lstart",
    "lwp",
    "ni",
    "nice",
    "nlwp",
    "pcpu",
    "pgid",
    "pid",
    "pmem",
    "ppid",
    "pri",
    "psr",
    "rgroup",
    "rss",
    "ruid",
    "ruser",
    "s",
    "sid",
    "start",
    "start_time",
    "stat",
    "state",
    "stime",
    "sz",
    "tid",
    "time",
    "tname",
    "tt",
    "tty",
    "uid",
    "user",
    "vsize",
    "vsz",
];

/// Arguments from the list, or `-eo` with columns.
pub(crate) fn arguments(text: &str) -> Result<String, Refusal> {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let fits = match words.as_slice() {
        [form] => FORMS.contains(form),
        ["-eo" | "-o" | "axo" | "-axo" | "-Ao", columns] | ["-e" | "-A" | "ax", "-o", columns] => {
            columns.split(',').all(|column| COLUMNS.contains(&column))
        }
        _ => false,
    };
    if fits {
        return Ok(words.join(" "));
    }
    let reason = format!("the arguments `{text}` are not among those that `ps` may be given");
    Err(Refusal::forbidden(
        Forbidden::UnknownField,
        reason,
        "use `-ef`, `aux`, or `-eo` with names of columns",
    ))
}
