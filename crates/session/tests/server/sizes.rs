//! Terminals of several sizes on one session.

use wharf_session::message::Size;

use crate::house::House;
use crate::visitor::{Visitor, way};

#[test]
fn the_smaller_size_wins_and_grows_when_its_terminal_goes() {
    let house = House::new();
    let mut large = Visitor::to(&house, "1");
    let mut how = way("1");
    how.size = Size { columns: 60, rows: 10 };
    let mut small = Visitor::attach(&house, how);
    small.until("a prompt", |text| text.contains('$'));
    small.type_in("stty size\n");
    small.until("the smaller size", |text| text.contains("\n10 60"));
    large.until("the same in the larger", |text| text.contains("\n10 60"));
    drop(small);
    house.until("one left", |status| status.sessions[0].clients.len() == 1);
    large.type_in("stty size\n");
    large.until("the larger size", |text| text.contains("\n24 80"));
    large.until("drawn on its own screen again", |_| true);
    assert!(!large.screen.is_alternate(), "pictures are over");
}

#[test]
fn who_only_watches_has_no_say() {
    let house = House::new();
    let mut one = Visitor::to(&house, "1");
    let mut how = way("1");
    how.size = Size { columns: 20, rows: 5 };
    how.view = true;
    let mut viewer = Visitor::attach(&house, how);
    viewer.until("a prompt", |text| text.contains('$'));
    viewer.type_in("touch ~/evil\n");
    one.run("stty size");
    assert!(one.text().contains("\n24 80"), "{}", one.text());
    viewer.until("what happens", |text| text.contains("\ndone-"));
    assert!(!house.home().join("evil").exists());
    let clients = &house.status().sessions[0].clients;
    assert_eq!(clients.iter().map(|client| client.view).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_larger_terminal_shows_what_the_smaller_one_does() {
    let house = House::new();
    let mut how = way("1");
    how.size = Size { columns: 40, rows: 10 };
    let mut small = Visitor::attach(&house, how);
    small.until("a prompt", |text| text.contains('$'));
    let mut large = Visitor::attach(&house, way("1"));
    large.until("a prompt", |text| text.contains('$'));
    small.run("seq 1 50; printf 'a long line that wraps in the small terminal %s\\n' here");
    large.until("the end", |text| text.contains("\ndone-") && text.ends_with('$'));
    let shown: Vec<String> = large.screen.text().into_iter().take(10).collect();
    assert_eq!(shown.join("\n").trim_end(), small.text());
}

#[test]
fn a_terminal_that_changes_its_size_is_drawn_anew() {
    let house = House::new();
    let mut one = Visitor::to(&house, "1");
    one.run("seq 1 40");
    one.resize(50, 12);
    one.type_in("stty size\n");
    // And the prompt behind it: nothing more comes.
    let is_whole = |text: &str| text.contains("\n12 50") && text.ends_with('$');
    one.until("its new size", is_whole);
    let mut how = way("1");
    how.size = Size { columns: 50, rows: 12 };
    let mut two = Visitor::attach(&house, how);
    two.until("the same", is_whole);
    assert_eq!(one.text(), two.text());
}
