//! `docker cp`, both ways.

use wharf_conformance::gateway::on_each_door;

#[test]
fn files_and_directories_are_copied_in_and_out() {
    on_each_door(|client| {
        client.sh("docker run -d --name @box busybox sleep 1000").succeeds();
        client
            .sh("mkdir -p tree/deep && echo one >tree/one && echo two >tree/deep/two && ln -s one tree/link")
            .succeeds();
        client
            .sh("docker cp tree/one @box:/tmp/copied && docker cp tree @box:/tmp && docker cp \
                tree/. @box:/root")
            .succeeds();
        client.answers("docker exec @box cat /tmp/copied /tmp/tree/deep/two /root/link", "one\ntwo\none");
        client.answers("docker exec @box readlink /tmp/tree/link", "one");
        client
            .sh("docker exec @box sh -c 'echo three >/tmp/tree/three; chmod 750 /tmp/tree/three'")
            .succeeds();
        client
            .sh("docker cp @box:/tmp/tree back && docker cp @box:/tmp/tree/three alone && \
            docker cp -L @box:/tmp/tree/link followed")
            .succeeds();
        client.answers(
            "cat back/three back/deep/two alone followed; stat -c %a alone",
            "three\ntwo\nthree\none\n750",
        );
        client.answers("docker cp @box:/tmp/tree/three - | tar -xO three", "three");
        client.answers(
            "tar -C tree -c deep | docker cp - @box:/tmp && docker exec @box cat /tmp/deep/two",
            "two",
        );
        client
            .sh("head -c 5000000 /dev/urandom >large && docker cp large @box:/tmp && docker cp \
            @box:/tmp/large again")
            .succeeds();
        client.answers("cmp large again && echo same", "same");
        client
            .sh("docker stop -t 0 @box && docker cp tree/one @box:/late && docker cp @box:/late late")
            .succeeds();
        client.answers("cat late", "one");
        let absent = client.sh("docker cp @box:/absent here").exits(1);
        let said = absent.stderr();
        let old = format!("No such container:path: {}:/absent", client.name("box"));
        let new = format!("/absent in container {}", client.name("box"));
        assert!(said.contains(&old) || said.contains(&new), "{said}");
        client.sh("docker cp tree/one @nobody:/tmp").exits(1).says(&client.name("nobody"));
        client.sh("docker cp tree/one @box:/no/such/place").exits(1);
        client.sh("docker rm @box").succeeds();
    });
}
