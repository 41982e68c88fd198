//! No bytes make the readers of frames and messages panic, however they are cut; and no bytes that a program writes make its screen
//! panic, or look otherwise on the terminal that it is drawn on.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wharf_session::frame::{Decoder, Frame, Malformed};
use wharf_session::message::{self, Ended, Hello, Refused, Size, Welcome};
use wharf_session::screen::Screen;

fn frames(bytes: &[u8], cut: usize) -> (Vec<Frame>, Option<Malformed>) {
    let mut decoder = Decoder::default();
    let mut frames = Vec::new();
    for piece in bytes.chunks(cut.max(1)) {
        decoder.feed(piece);
        loop {
            match decoder.next_frame() {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(malformed) => return (frames, Some(malformed)),
            }
        }
    }
    (frames, None)
}

fuzz_target!(|bytes: &[u8]| {
    let [cut, columns, rows, written @ ..] = bytes else { return };
    let whole = frames(written, usize::MAX);
    assert_eq!(whole, frames(written, usize::from(*cut)));
    for payload in whole.0.iter().map(|frame| frame.payload.as_slice()).chain([written]) {
        let _hello = message::read::<Hello>(payload);
        let _size = message::read::<Size>(payload).map(Size::sane);
        let _ended = message::read::<Ended>(payload);
        let _refused = message::read::<Refused>(payload);
        let _welcome = message::read::<Welcome>(payload);
    }

    let size = Size { columns: u16::from(columns % 40) + 1, rows: u16::from(rows % 12) + 1 };
    let mut screen = Screen::new(size, 4096);
    for piece in written.chunks(usize::from(*cut).max(1)) {
        screen.write(piece);
    }
    let mut drawn = String::new();
    screen.draw(size, &mut drawn);
    let mut other = Screen::new(size, 4096);
    other.write(drawn.as_bytes());
    assert_eq!((other.text(), other.is_alternate()), (screen.text(), screen.is_alternate()));
    screen.resize(Size { columns: size.rows, rows: size.columns });
    screen.write(written);
});
