//! Archives that are homes, and archives that are none.

use super::*;

fn entry(builder: &mut Builder<Vec<u8>>, path: &str, kind: EntryType, link: &str, data: &[u8]) {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(0o4755);
    header.set_size(data.len().try_into().unwrap());
    // Not by the crate's own ways: those refuse what is to be refused here.
    let name = &mut header.as_gnu_mut().unwrap().name;
    name[..path.len()].copy_from_slice(path.as_bytes());
    header.as_gnu_mut().unwrap().linkname[..link.len()].copy_from_slice(link.as_bytes());
    header.set_cksum();
    builder.append(&header, data).unwrap();
}

/// Path, kind, and where it leads.
type Sketch<'a> = (&'a str, EntryType, &'a str);

fn judged(entries: &[Sketch<'_>]) -> Result<Vec<u8>, String> {
    let mut builder = Builder::new(Vec::new());
    for (path, kind, link) in entries {
        entry(&mut builder, path, *kind, link, if *kind == EntryType::Regular { b"data" } else { b"" });
    }
    let mut out = Vec::new();
    let owner = Owner { uid: 7, gid: 8 };
    let archive = builder.into_inner().unwrap();
    rewrite(archive.as_slice(), &mut out, owner).map_err(|error| error.to_string())?;
    Ok(out)
}

#[test]
fn everything_belongs_to_the_inhabitant_and_nothing_runs_as_somebody_else() {
    let out = judged(&[("./", EntryType::Directory, ""), ("./a", EntryType::Regular, "")]).unwrap();
    let mut archive = Archive::new(out.as_slice());
    let entries: Vec<_> = archive.entries().unwrap().map(Result::unwrap).collect();
    let [only] = entries.as_slice() else { panic!("{}", entries.len()) };
    let header = only.header();
    assert_eq!(only.path().unwrap(), Path::new("a"));
    assert_eq!((header.uid().unwrap(), header.gid().unwrap(), header.mode().unwrap()), (7, 8, 0o755));
}

#[test]
fn what_escapes_is_refused() {
    use EntryType::{Block, Link, Regular, Symlink};
    let cases: &[(&[Sketch<'_>], &str)] = &[
        (
            &[("/etc/passwd", Regular, "")],
            "the archive has the path `/etc/passwd`, which does not lie below a home",
        ),
        (
            &[("a/../../b", Regular, "")],
            "the archive has the path `a/../../b`, which does not lie below a home",
        ),
        (
            &[("run", Symlink, "/run/wharf"), ("run/session", Regular, "")],
            "the archive has `run/session` below a symbolic link: whoever unpacks it would write somewhere else",
        ),
        (
            &[("a", Symlink, "."), ("./a//b/c", Regular, "")],
            "the archive has `a/b/c` below a symbolic link: whoever unpacks it would write somewhere else",
        ),
        (
            &[("b", Link, "/etc/shadow")],
            "the archive has the path `/etc/shadow`, which does not lie below a home",
        ),
        (
            &[("sda", Block, "")],
            "the archive has `sda`, which is a device or something else that no home needs",
        ),
    ];
    for (entries, refusal) in cases {
        assert_eq!(judged(entries).unwrap_err(), *refusal);
    }
    assert!(
        judged(&[("a", Symlink, "/etc/passwd"), ("b", Symlink, "../..")]).is_ok(),
        "a link is only a name"
    );
}

/// An archive with its end.
fn archive(entries: &[Sketch<'_>]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, kind, link) in entries {
        entry(&mut builder, path, *kind, link, if *kind == EntryType::Regular { b"data" } else { b"" });
    }
    builder.into_inner().unwrap()
}

fn indexed(bytes: &[u8]) -> Result<Index, String> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    io::Seek::rewind(&mut file).unwrap();
    Index::of(file).map_err(|error| error.to_string())
}

#[test]
fn what_breaks_off_is_refused_wherever_it_does() {
    let whole = archive(&[("a", EntryType::Regular, ""), ("b", EntryType::Directory, "")]);
    assert_eq!(whole.len(), 5 * 512);
    let copied = |bytes: &[u8]| {
        let copied = rewrite(bytes, io::sink(), Owner { uid: 0, gid: 0 });
        copied.map(|content| content.files).map_err(|error| error.to_string())
    };
    assert_eq!(copied(&whole), Ok(2));
    assert!(indexed(&whole).is_ok());
    let cut_off = "the archive is cut off: it breaks off before its end";
    // After the head alone, one of them reads on and the other skips.
    for (blocks, said) in [(0, "the archive is empty"), (2, cut_off), (3, cut_off)] {
        let half = &whole[..blocks * 512];
        assert_eq!(copied(half).unwrap_err(), said, "{blocks}");
        assert_eq!(indexed(half).err().unwrap(), said, "{blocks}");
    }
    assert!(copied(&whole[..512]).is_err() && indexed(&whole[..512]).is_err());
    assert!(copied(&whole[..700]).is_err() && indexed(&whole[..700]).is_err());
    assert!(copied(&[0; 1024]).unwrap_err().contains("empty"), "an end, and nothing before it");
}

#[test]
fn an_index_has_parents_first_names_last_and_contents_by_place() {
    use EntryType::{Directory, Fifo, Link, Regular, Symlink};
    use wharf_session::sync::{EntryKind, Source};
    let bytes = archive(&[
        ("b/late/x", Regular, ""),
        ("./b", Directory, ""),
        ("same", Link, "b/late/x"),
        ("pipe", Fifo, ""),
        ("a", Symlink, "elsewhere"),
        ("a", Regular, ""),
    ]);
    let whole = indexed(&bytes).unwrap().parts(usize::MAX);
    let [mut part] = whole.try_into().ok().unwrap();
    let names = |part: &mut Part| -> Vec<String> {
        let entries = part.entries().unwrap().into_iter();
        entries.map(|entry| String::from_utf8(entry.path.join(&b'/')).unwrap()).collect()
    };
    assert_eq!(names(&mut part), ["a", "b", "b/late", "b/late/x", "same"]);
    let kinds: Vec<EntryKind> = part.entries().unwrap().into_iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds[2], EntryKind::Directory { mode: 0o700 }, "a directory that the archive only implies");
    assert!(matches!(kinds[0], EntryKind::File { mode: 0o755, size: 4, .. }), "{:?}", kinds[0]);
    for number in [0, 3, 4] {
        let mut content = String::new();
        part.content(number).unwrap().read_to_string(&mut content).unwrap();
        assert_eq!(content, "data");
    }
    assert!(part.content(1).is_err() && part.content(9).is_err());
    let mut parts = indexed(&bytes).unwrap().parts(2);
    let named: Vec<Vec<String>> = parts.iter_mut().map(names).collect();
    let expected: [&[&str]; 3] = [&["a", "b"], &["b", "b/late", "b/late/x"], &["same"]];
    assert_eq!(named, expected);
}

#[test]
fn an_index_refuses_what_escapes() {
    use EntryType::{Block, Link, Regular, Symlink};
    let cases: &[(&[Sketch<'_>], &str)] = &[
        (&[("/etc/passwd", Regular, "")], "`/etc/passwd`, which does not lie below a home"),
        (
            &[("run", Symlink, "/run/wharf"), ("run/session", Regular, "")],
            "`run/session` below a symbolic link",
        ),
        // In the other order the link would be in the place of a directory.
        (
            &[("run/session", Regular, ""), ("run", Symlink, "/run/wharf")],
            "`run/session` below a symbolic link",
        ),
        (&[("a", Regular, ""), ("a/b", Regular, "")], "`a/b` below something that is no directory"),
        (&[("b", Link, "/etc/shadow")], "`/etc/shadow`, which does not lie below a home"),
        (&[("b", Link, "not/there")], "`b` as another name of a file that it does not have"),
        (&[("sda", Block, "")], "`sda`, which is a device"),
    ];
    for (entries, refusal) in cases {
        let refused = indexed(&archive(entries)).err().unwrap();
        assert!(refused.contains(refusal), "{refused}");
    }
}

#[test]
fn a_file_that_became_shorter_is_no_whole_one() {
    use wharf_session::sync::Source;
    let (folder, bytes) = (tempfile::tempdir().unwrap(), archive(&[("a", EntryType::Regular, "")]));
    let path = folder.path().join("a.tar");
    std::fs::write(&path, &bytes).unwrap();
    let index = Index::of(std::fs::File::open(&path).unwrap()).unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_len(514).unwrap();
    let mut part = index.parts(9).remove(0);
    let read = part.content(0).unwrap().read_to_end(&mut Vec::new());
    assert_eq!(read.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
}
