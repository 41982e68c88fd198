//! `--dev-sync`: what changes is copied until Ctrl-C, through idle times, mistakes and restarts of the workstation.

use crate::seat::Seat;
use wharf_conformance::on_each_engine;
use wharf_testkit::{EngineKind, wharf_program};

/// Shell functions: `inside SCRIPT`, and `until SCRIPT`, which waits for it to succeed inside.
const FUNCTIONS: &str = r#"
inside() { "$W" shell "$N" -- sh -c "$1"; }
until_inside() {
    tries=0
    while ! inside "$1" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || { echo "never: $1" >&2; cat log >&2; kill "$pid"; exit 1; }
        sleep 0.1
    done
}
"#;

const STORY: &str = r#"
"$W" shell "$N" --dev-sync 2>log & pid=$!
until_inside 'test -e ~/conf/a'
echo two > conf/new && mkdir -p conf/deep/er && echo three > conf/deep/er/x
until_inside 'grep -q two ~/conf/new && grep -q three ~/conf/deep/er/x'
# In a directory that came after it was begun.
echo four > conf/deep/er/y && rm conf/a
until_inside 'test -e ~/conf/deep/er/y && ! test -e ~/conf/a'
# A restart, and a workstation that is away for a while.
"$W" shell "$N" --restart
echo five > conf/after
until_inside 'test -e ~/conf/after'
"$W" shell "$N" --stop
echo six > conf/while-away
sleep 3
kill -0 "$pid"
"$W" shell "$N" --start
until_inside 'test -e ~/conf/while-away'
# The folder itself is away, and nothing is deleted for that.
mv conf away && sleep 1
inside 'test -e ~/conf/while-away'
kill -0 "$pid"
# Another folder takes its place, and is watched as the first was.
mkdir next && cp away/while-away next/ && echo seven > next/seven && mv next conf
until_inside 'test -e ~/conf/seven && ! test -e ~/conf/deep'
echo eight > conf/eight
until_inside 'test -e ~/conf/eight'
kill -INT "$pid"
status=0; wait "$pid" || status=$?
echo "ended with $status"
"#;

#[test]
fn changes_are_copied_until_it_is_interrupted() {
    on_each_engine(|engine| {
        if engine.kind() != EngineKind::Docker28 {
            return;
        }
        let seat = Seat::at(engine);
        seat.define("image: debian:stable-slim\nsync: [{from: ~/conf, to: conf}]");
        seat.write("conf/a", "one\n");
        seat.shell(&["--start"]).succeeds();
        let program = wharf_program().unwrap();
        let head = format!("W='{}' N='{}'", program.display(), seat.name());
        seat.sh(&format!("{head}\n{FUNCTIONS}\n{STORY}")).succeeds().prints("ended with 130");
    });
}
