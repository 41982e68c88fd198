//! Requests that real clients sent to real engines (20.10.24 and 28.5.2), recorded once: they read, except for those that
//! are denied by design.

use serde_json::Value;
use wharf_wire::ask::{BodyKind, Head, Refusal, route};

const SAMPLES: [(&str, &str); 5] = [
    ("docker 20.10.24", include_str!("../samples/docker-20.10.24.jsonl")),
    ("docker 28.5.2", include_str!("../samples/docker-28.5.2.jsonl")),
    ("compose 2.40.3", include_str!("../samples/compose-2.40.3.jsonl")),
    ("docker-py 7.1.0", include_str!("../samples/docker-py-7.1.0.jsonl")),
    ("docker-py 7.1.0 at 1.41", include_str!("../samples/docker-py-7.1.0-at-1.41.jsonl")),
];

fn outcome(sample: &Value) -> String {
    let text = |name: &str| sample[name].as_str().unwrap();
    let header = |name: &str| sample["headers"][name].as_str();
    let head = Head {
        content_type: header("content-type"),
        registry_auth: header("x-registry-auth"),
        registry_config: header("x-registry-config"),
    };
    let read = route(text("method"), text("target")).and_then(|route| {
        // What was recorded of archives was left out.
        let body = if route.body() == BodyKind::Archive { "" } else { text("body") };
        route.read(&head, body.as_bytes()).map(|_| route.name())
    });
    match read {
        Ok(name) => name.to_owned(),
        Err(Refusal::Forbidden { rule, .. }) => format!("denied: {rule}"),
        Err(other) => format!("{other:?}"),
    }
}

#[test]
fn what_real_clients_send_is_read() {
    let mut count = 0;
    for (client, samples) in SAMPLES {
        for line in samples.lines() {
            let sample: Value = serde_json::from_str(line).unwrap();
            assert_eq!(outcome(&sample), sample["expect"].as_str().unwrap(), "{client}: {line}");
            count += 1;
        }
    }
    assert!(count > 250, "{count} samples");
}

#[test]
fn no_sample_fits_into_less_than_all_of_its_body() {
    for line in SAMPLES.iter().flat_map(|(_, samples)| samples.lines()) {
        let mut sample: Value = serde_json::from_str(line).unwrap();
        let body = sample["body"].as_str().unwrap().trim_end().to_owned();
        let Some(shorter) = body.strip_suffix('}') else { continue };
        sample["body"] = shorter.into();
        assert!(outcome(&sample).starts_with("Malformed"), "{sample}");
        sample["body"] = format!("{body}}}").into();
        assert!(outcome(&sample).starts_with("Malformed"), "{sample}");
    }
}
