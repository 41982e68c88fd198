//! Python's `docker`, which speaks to engines from many programs; and the same pinned to API 1.41.

use wharf_conformance::gateway::{Client, on_each_door_with_registry};
use wharf_testkit::{Access, EngineKind, Registry, or_skip, python_with_docker};

const STORY: &str = r#"
import docker, io, tarfile, threading
client = docker.from_env(**OPTIONS)
assert client.ping()
assert client.version()["Os"] == "linux"
assert client.containers.run("busybox", "echo hello", remove=True) == b"hello\n"
try:
    client.containers.run("busybox", "sh -c 'echo bad >&2; exit 3'", remove=True)
    raise AssertionError("it was to fail")
except docker.errors.ContainerError as error:
    assert error.exit_status == 3 and b"bad" in error.stderr, error

volume = client.volumes.create("@data", labels={"colour": "blue"})
assert volume.name == "@data" and volume.attrs["Labels"] == {"colour": "blue"}, volume.attrs
network = client.networks.create("@net", driver="bridge")
assert network.name == "@net"
events = client.events(decode=True, filters={"container": "@box"})
seen = []
def watch():
    for event in events:
        seen.append(event["Action"])
watcher = threading.Thread(target=watch, daemon=True)
watcher.start()
# Nothing says when events are listened to; what comes after one was seen is.
container = client.containers.run(
    "busybox", ["sh", "-c", "for i in 1 2 3; do echo line $i; sleep 0.2; done; exec sleep 1000"],
    name="@box", detach=True, network="@net", volumes={"@data": {"bind": "/data", "mode": "rw"}},
    environment={"A": "b"}, labels={"story": "@sdk"}, ports={"80/tcp": None}, mem_limit="32m", init=True)
lines = []
for line in container.logs(stream=True, follow=True):
    lines.append(line)
    if line == b"line 3\n":
        break
assert lines == [b"line 1\n", b"line 2\n", b"line 3\n"], lines
assert [c.name for c in client.containers.list(filters={"label": "story=@sdk"})] == ["@box"]
assert client.containers.get("@box").id == container.id == client.containers.get(container.short_id).id
container.reload()
assert container.status == "running" and container.name == "@box"
# Others on the same engine may have tags of the same image; a tenant sees no other's.
tags = container.image.tags
assert tags == ["busybox:latest"] if IS_TENANT else "busybox:latest" in tags, tags
assert list(container.attrs["NetworkSettings"]["Networks"]) == ["@net"]
assert container.labels == {"story": "@sdk"}, container.labels
code, out = container.exec_run("sh -c 'echo $A; echo kept >/data/file; exit 4'")
assert (code, out) == (4, b"b\n")
out = container.exec_run("sh -c 'echo out; echo err >&2'", demux=True).output
assert out == (b"out\n", b"err\n"), out
streamed = b"".join(container.exec_run("echo streamed", stream=True).output)
assert streamed == b"streamed\n"
_, sock = container.exec_run("cat", stdin=True, socket=True)
sock._sock.sendall(b"typed\n")
assert b"typed" in sock.read(64)
sock.close()
archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode="w") as tar:
    info = tarfile.TarInfo("put")
    info.size = 4
    tar.addfile(info, io.BytesIO(b"here"))
assert container.put_archive("/tmp", archive.getvalue())
chunks, stat = container.get_archive("/tmp/put")
with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as tar:
    assert tar.extractfile("put").read() == b"here"
assert stat["name"] == "put", stat
assert container.stats(stream=False)["memory_stats"]["limit"] == 32 * 1024 * 1024
assert next(container.stats(decode=True))["name"].lstrip("/") == "@box"
assert "sleep" in str(container.top())
assert any(change["Path"] == "/tmp" for change in container.diff())
container.pause(); container.unpause()
container.rename("@next")
assert client.containers.get("@next").id == container.id
container.stop(timeout=0)
assert container.wait()["StatusCode"] in (137, 143)
container.start(); container.kill()
network.disconnect(container); network.connect(container, aliases=["again"])
image = container.commit("@own", "1")
assert "@own:1" in image.tags, image.tags
assert client.images.get("@own:1").id == image.id
assert image.tag("@own", "2")
assert any("@own:2" in tag for i in client.images.list("@own") for tag in i.tags)
saved = b"".join(image.save(named=True))
container.remove(v=True)
client.images.remove("@own:1"); client.images.remove("@own:2")
loaded = client.images.load(saved)
assert loaded and loaded[0].id == image.id
client.images.remove(image.id, force=True)
pulled = client.images.pull(IMAGE)
assert IMAGE in pulled.tags, pulled.tags
client.images.remove(IMAGE)
try:
    client.containers.get("@next")
    raise AssertionError("it is gone")
except docker.errors.NotFound as error:
    assert "No such container: @next" in error.explanation, error.explanation
network.remove(); volume.remove()
for objects in (client.networks.list(names=["@net"]), client.volumes.list(filters={"name": "@data"})):
    assert objects == [], objects
events.close()
watcher.join(10)
assert "start" in seen or "exec_start: cat" in str(seen), seen
print("told")
"#;

fn tell(client: &Client<'_>, registry: &Registry, options: &str) {
    if or_skip(python_with_docker()).is_none() {
        return;
    }
    let image = registry.image("app:1");
    let engine = client.engine();
    for words in [["tag", "busybox", &image], ["push", "-q", &image], ["rmi", "-f", &image]] {
        engine.docker(words).unwrap();
    }
    let script = STORY.replace("OPTIONS", options).replace("IMAGE", &format!("\"{image}\""));
    let script = script.replace("IS_TENANT", if client.is_tenant() { "True" } else { "False" });
    client.python(&script).succeeds().prints("told");
}

#[test]
fn pythons_sdk_does_everything() {
    on_each_door_with_registry(Access::Open, |client, registry| {
        tell(client, registry, "{\"version\": \"1.41\"}");
        // What 20.10 speaks is 1.41.
        if client.engine().kind() != EngineKind::Docker20 {
            tell(client, registry, "{\"version\": \"auto\"}");
        }
    });
}
