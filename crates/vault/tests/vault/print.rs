//! A sealed file as text: the same again when it is read, and as small a difference as what changed.

use super::{name, pod, reader, reread, sealed, value};
use wharf_vault::{Identity, SealedFile};

#[test]
fn what_is_printed_reads_back() {
    let (host, ada) = (Identity::generate(), Identity::generate());
    let mut file = sealed(
        vec![reader("host", &host), reader("ada@laptop.local", &ada)],
        &[("db", "1"), ("1e3", "2"), ("no", "3")],
    );
    file.seal(&name("db"), &value("4"), 2_000, Some(9_000)).unwrap();
    assert_eq!(reread(&file.print()), file);
    assert_eq!(reread(&file.print()).print(), file.print());
    let alice = "tenant alice".parse().unwrap();
    let empty = SealedFile::new(alice, pod("blog"), vec![reader("true", &host)]).unwrap();
    assert_eq!(reread(&empty.print()), empty);
}

#[test]
fn a_new_value_changes_its_own_lines_and_no_others() {
    let host = Identity::generate();
    let mut file = sealed(vec![reader("host", &host)], &[("a", "1"), ("b", "2"), ("c", "3")]);
    let before = file.print();
    file.seal(&name("b"), &value("4"), 2_000, None).unwrap();
    let after = file.print();
    let (from, to) = (before.find("\n  b:").unwrap(), before.find("\n  c:").unwrap());
    assert_eq!(before[..from], after[..from]);
    assert_eq!(before[to..], after[after.find("\n  c:").unwrap()..]);
}
