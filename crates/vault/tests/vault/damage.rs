//! Whatever somebody does to a sealed file by hand: it opens as it was sealed, or not at all, and says why.

use super::{name, opened, pod, reader, reread, sealed, value};
use proptest::prelude::*;
use wharf_model::SecretOwner;
use wharf_vault::{Expected, Identity, OpenError, SealedFile};

/// The block of a secret's value in a printed file.
fn block<'a>(text: &'a str, called: &str) -> &'a str {
    let from = text.find(&format!("\n  {called}:")).unwrap();
    let begin = from + text[from..].find("      -----BEGIN AGE").unwrap();
    let end = begin + text[begin..].find("-----END AGE ENCRYPTED FILE-----\n").unwrap();
    &text[begin..end + "-----END AGE ENCRYPTED FILE-----\n".len()]
}

#[test]
fn values_swapped_between_names_are_noticed() {
    let host = Identity::generate();
    let text = sealed(vec![reader("host", &host)], &[("a", "1"), ("b", "2")]).print();
    let (one, two) = (block(&text, "a").to_owned(), block(&text, "b").to_owned());
    let swapped = text.replace(&one, "@").replace(&two, &one).replace('@', &two);
    assert_eq!(
        opened(&reread(&swapped), "a", &host).unwrap_err(),
        "secret `a` (line 8) holds what was sealed as `b` of pod `blog` (machine): somebody moved it; put it back, or \
         set the secret anew"
    );
}

#[test]
fn a_file_renamed_for_another_pod_or_owner_opens_nothing() {
    let host = Identity::generate();
    let text = sealed(vec![reader("host", &host)], &[("a", "1")]).print();
    let (shop, keys) = (pod("shop"), [host]);
    let renamed = reread(&text.replace("pod: blog", "pod: shop"));
    let machine = SecretOwner::Machine;
    let error = renamed.open(&Expected { owner: &machine, pod: &shop }, &name("a"), &keys).unwrap_err();
    assert!(error.to_string().contains("holds what was sealed as `a` of pod `blog` (machine)"), "{error}");
    let stolen = reread(&text.replace("owner: machine", "owner: \"tenant alice\""));
    let (alice, blog) = ("tenant alice".parse().unwrap(), pod("blog"));
    let error = stolen.open(&Expected { owner: &alice, pod: &blog }, &name("a"), &keys).unwrap_err();
    assert!(error.to_string().contains("(machine): somebody moved it"), "{error}");
}

#[test]
fn readers_added_removed_renamed_or_exchanged_by_hand_are_noticed() {
    let (host, ada, mallory) = (Identity::generate(), Identity::generate(), Identity::generate());
    let text = sealed(vec![reader("host", &host), reader("ada", &ada)], &[("a", "1")]).print();
    let line = |called: &str, key: &Identity| format!("  - {{name: {called}, key: {}}}\n", key.reader_key());
    let hers = line("ada", &ada);
    let tampered = [
        text.replace(&hers, ""),
        text.replace(&hers, &format!("{hers}{}", line("backup", &mallory))),
        text.replace(&hers, &line("ada", &mallory)),
        text.replace(&hers, &line("adam", &ada)),
    ];
    for text in tampered {
        let error = opened(&reread(&text), "a", &host).unwrap_err();
        assert!(error.contains("was sealed for other readers than the file lists"), "{error}");
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut turned = lines.clone();
    turned.swap(5, 6);
    assert_eq!(opened(&reread(&turned.join("\n")), "a", &host).unwrap(), "1", "their order means nothing");
}

#[test]
fn a_reader_added_by_hand_does_not_ride_along_with_a_rekey() {
    let (host, mallory) = (Identity::generate(), Identity::generate());
    let text = sealed(vec![reader("host", &host)], &[("a", "1")]).print();
    let added = format!("readers:\n  - {{name: x, key: {}}}\n", mallory.reader_key());
    let mut file = reread(&text.replace("readers:\n", &added));
    let (blog, readers) = (pod("blog"), file.readers().to_vec());
    let expected = Expected { owner: &SecretOwner::Machine, pod: &blog };
    assert!(file.rekey(&expected, readers, &[host]).is_err());
}

#[test]
fn a_generation_changed_by_hand_is_noticed() {
    let host = Identity::generate();
    let text = sealed(vec![reader("host", &host)], &[("a", "1")]).print();
    let error =
        opened(&reread(&text.replace("generation: 1000", "generation: 2000")), "a", &host).unwrap_err();
    assert!(error.starts_with("secret `a` (line 8) says generation 2000, and was sealed as 1000"), "{error}");
}

#[test]
fn what_another_program_sealed_is_not_taken_for_ours() {
    let host = Identity::generate();
    let recipient: age::x25519::Recipient = host.reader_key().as_str().parse().unwrap();
    let foreign = age::encrypt_and_armor(&recipient, b"hunter2").unwrap();
    let text = sealed(vec![reader("host", &host)], &[("a", "1")]).print();
    let foreign: String = foreign.lines().flat_map(|line| ["      ", line, "\n"]).collect();
    let error = opened(&reread(&text.replace(block(&text, "a"), &foreign)), "a", &host).unwrap_err();
    assert!(error.contains("was not sealed by this version of wharf"), "{error}");
}

#[test]
fn a_value_in_clear_is_refused_and_not_repeated() {
    let host = Identity::generate();
    let text = sealed(vec![reader("host", &host)], &[("a", "1")]).print();
    for clear in ["      hunter2\n", "      -----BEGIN AGE ENCRYPTED FILE-----\n      hunter2 hunter2\n"] {
        let errors = SealedFile::parse_bytes(text.replace(block(&text, "a"), clear).as_bytes()).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert_eq!((errors[0].message.as_str(), errors[0].span.line), ("the value is not sealed", 10));
        assert!(!format!("{errors:?}").contains("hunter2"));
    }
}

#[test]
fn every_line_that_is_not_as_it_should_be_is_told() {
    let text = "version: 1\nowner: root\npod: a/b\nreaders:\n  - {name: x, key: nothing}\nsecrets:\n  ../x:\n    generation: no\n    color: red\n";
    let errors = SealedFile::parse_bytes(text.as_bytes()).unwrap_err();
    let lines: Vec<usize> = errors.iter().map(|error| error.span.line).collect();
    assert_eq!(lines, [2, 3, 5, 7, 7, 8, 9], "{errors:#?}");
    let newer = "version: 2\nowner: machine\npod: blog\nreaders: []\nsecrets: {}\n";
    let errors = SealedFile::parse_bytes(newer.as_bytes()).unwrap_err();
    assert_eq!(errors[0].message, "this file was sealed by a newer wharf");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_flipped_bit_opens_as_sealed_or_not_at_all(place in any::<proptest::sample::Index>(), bit in 0..8_u8) {
        let host = Identity::generate();
        let text = sealed(vec![reader("host", &host)], &[("a", "the value")]).print();
        let mut bytes = text.into_bytes();
        let at = place.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(file) = SealedFile::parse_bytes(&bytes)
            && let Ok(found) = opened(&file, "a", &host)
        {
            prop_assert_eq!(found, "the value");
        }
    }

    #[test]
    fn any_bytes_are_sealed_and_opened(bytes in proptest::collection::vec(any::<u8>(), 1..3_000)) {
        let host = Identity::generate();
        let mut file = sealed(vec![reader("host", &host)], &[]);
        let clear = wharf_vault::Value::new(bytes).unwrap();
        file.seal(&name("a"), &clear, 5, None).unwrap();
        let blog = pod("blog");
        let expected = Expected { owner: &SecretOwner::Machine, pod: &blog };
        let again = reread(&file.print());
        prop_assert_eq!(&again, &file);
        prop_assert_eq!(again.open(&expected, &name("a"), &[host]).unwrap().value, clear);
    }
}

#[test]
fn nothing_shows_a_value() {
    let host = Identity::generate();
    let file = sealed(vec![reader("host", &host)], &[("a", "hunter2")]);
    let blog = pod("blog");
    let expected = Expected { owner: &SecretOwner::Machine, pod: &blog };
    let opened = file.open(&expected, &name("a"), std::slice::from_ref(&host)).unwrap();
    assert_eq!(opened.value, value("hunter2"));
    let shown = format!("{opened:?} {file:?} {host:?}");
    assert!(!shown.contains("hunter2") && !shown.contains("AGE-SECRET"), "{shown}");
    assert!(!file.print().contains("hunter2"));
}

#[test]
fn a_list_of_readers_is_compared_with_every_value_that_opens_and_is_not_replaced() {
    let (host, bob) = (Identity::generate(), Identity::generate());
    let file = sealed(vec![reader("host", &host)], &[("a", "1"), ("b", "2")]);
    let line = "readers:\n";
    let mallorys = format!("{line}  - {{name: bob, key: {}}}\n", bob.reader_key());
    let mut forged = reread(&file.print().replace(line, &mallorys));
    let host = std::slice::from_ref(&host);
    file.check_readers(host, &[]).unwrap();
    // His own value, with the list that he wrote, hides nothing.
    forged.seal(&name("0"), &value("x"), 2_000, None).unwrap();
    assert!(matches!(forged.check_readers(host, &[]).unwrap_err(), OpenError::OtherReaders { .. }));
    assert!(forged.check_readers(host, &[&name("a")]).is_err());
    forged.check_readers(host, &[&name("a"), &name("b")]).unwrap();
    // Who opens nothing learns nothing.
    forged.check_readers(&[bob], &[]).unwrap();
    forged.check_readers(&[], &[]).unwrap();
}

#[test]
fn what_git_leaves_of_a_conflict_is_told_with_its_place() {
    let host = Identity::generate();
    let text = sealed(vec![reader("host", &host)], &[("a", "1")]).print();
    let both = text.replace("secrets:\n", "<<<<<<< HEAD\nsecrets:\n=======\nsecrets:\n>>>>>>> other\n");
    let errors = SealedFile::parse_bytes(both.as_bytes()).unwrap_err();
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!(error.message, "git left both versions here");
    assert!(both.lines().nth(error.span.line - 1).unwrap().starts_with("<<<<<<<"));
}
