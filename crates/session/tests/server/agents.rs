//! The ssh-agent's path inside.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;

use wharf_session::frame::Kind;

use crate::house::{House, LONG};
use crate::visitor::{Visitor, way};

fn ask(house: &House) -> UnixStream {
    let stream = UnixStream::connect(house.directory.path().join("run/agent")).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream
}

fn opened(visitor: &mut Visitor) -> Vec<u8> {
    let of_agent = |visitor: &Visitor| visitor.others.iter().position(|frame| frame.kind == Kind::AgentOpen);
    visitor.until_visitor("a question", |visitor| of_agent(visitor).is_some());
    let at = of_agent(visitor).unwrap();
    visitor.others.remove(at).payload
}

#[test]
fn who_asks_is_brought_to_the_client_that_offers_and_back() {
    let house = House::new();
    let mut plain = Visitor::to(&house, "1");
    let mut how = way("1");
    how.agent = true;
    let mut offering = Visitor::attach(&house, how);
    offering.until("a prompt", |text| text.contains('$'));
    let mut asking = ask(&house);
    asking.write_all(b"question").unwrap();
    let channel = opened(&mut offering);
    let data = |visitor: &Visitor| visitor.others.iter().any(|frame| frame.kind == Kind::AgentData);
    offering.until_visitor("the question", data);
    let question = offering.others.pop().unwrap().payload;
    assert_eq!(question, [channel.as_slice(), b"question"].concat());
    offering.send(Kind::AgentData, &[channel.as_slice(), b"answer"].concat());
    let mut answer = [0; 6];
    asking.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"answer");
    // Another client cannot speak for it.
    plain.send(Kind::AgentData, &[channel.as_slice(), b"forged"].concat());
    plain.run("echo later");
    offering.send(Kind::AgentClose, &channel);
    let mut rest = Vec::new();
    asking.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, b"");
}

#[test]
fn without_an_offer_who_asks_is_let_go_at_once_and_the_path_stays() {
    let house = House::new();
    let _plain = Visitor::to(&house, "1");
    for _ in 0..2 {
        assert_eq!(ask(&house).read(&mut [0]).unwrap(), 0);
    }
    let mut how = way("1");
    how.agent = true;
    let mut offering = Visitor::attach(&house, how);
    offering.until("a prompt", |text| text.contains('$'));
    let mut asking = ask(&house);
    opened(&mut offering);
    drop(offering);
    assert_eq!(asking.read(&mut [0]).unwrap(), 0, "its agent went with it");
    house.until("gone", |status| status.sessions[0].clients.len() == 1);
    assert_eq!(ask(&house).read(&mut [0]).unwrap(), 0);
}
