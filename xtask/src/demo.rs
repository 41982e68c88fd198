//! `cargo xtask demo`: the first thing a newcomer runs. A real pod on a real engine, its page fetched.

mod engine;
mod http;
mod image;
mod page;
mod pod;
mod state;

use crate::chore::Failure;
use crate::shell;
use engine::Engine;
use pod::Pod;

/// Brings the pod up and shows that it works. Doing it again changes nothing, and says so.
pub(crate) fn up() -> Result<(), Failure> {
    let engine = Engine::found_or_started()?;
    println!("engine: {}", engine.described());
    println!("building wharf ...");
    let pod = Pod::new(shell::built_wharf()?, &engine);
    let has_new_image = image::provide(&engine)?;
    let before = pod.container_ids()?;
    println!("\n$ wharf up {}", pod::FILE);
    pod.up()?;
    let is_unchanged = !before.is_empty() && before == pod.container_ids()? && !has_new_image;
    let port = pod.published_port()?;
    let page = page::fetch(port)?;
    println!("\n$ curl http://127.0.0.1:{port}/\n{}", page.trim_end());
    println!("\n{}", if is_unchanged { NOTHING_TO_DO } else { WHAT_HAPPENED });
    println!("{}", pod.what_next());
    Ok(())
}

/// Removes what the demo made, and nothing else.
pub(crate) fn clean() -> Result<(), Failure> {
    let Some(engine) = Engine::found()? else {
        state::forget();
        println!("no engine is running, so nothing of the demo is");
        return Ok(());
    };
    let pod = Pod::new(shell::built_wharf()?, &engine);
    if pod.container_ids()?.is_empty() {
        println!("the pod `hello` is not there");
    } else {
        println!("$ wharf down hello");
        pod.down()?;
    }
    image::remove(&engine)?;
    engine::stop_if_started();
    state::forget();
    Ok(())
}

const NOTHING_TO_DO: &str =
    "Nothing was to be done: the pod was up and as its file says. The page shows that it still works.";

const WHAT_HAPPENED: &str = "\
wharf read examples/hello.yml, compared it with what the engine had, and made the difference: a root container that
holds the pod's network, and two members in it. `front` answered on the published port with what `page` told it over
localhost.";
