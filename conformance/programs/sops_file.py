"""Encrypts a file as SOPS does, to an age recipient: sops_file.py yaml|json|dotenv INPUT RECIPIENT [--mac-only-encrypted]

Values and MAC of YAML and JSON are made by the `sops` that PyPI has (1.18, the first of its kind, in Python: it knows the
format, and no age). Its successor, in Go, cannot be had there; what only that one writes (dotenv, `mac_only_encrypted`) is
made here, from its published format, with `cryptography`. The data key is sealed by the `age` program.

A RECIPIENT of `-` takes a fixed data key and seals it to nobody: for fixtures.
"""

import base64
import hashlib
import io
import json
import os
import subprocess
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NOW = "2026-01-02T03:04:05Z"


def enc(text, key, path, kind="str"):
    """One value."""
    if text == "":
        return ""
    nonce = os.urandom(32)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), path.encode())
    parts = [base64.b64encode(part).decode() for part in (sealed[:-16], nonce, sealed[-16:])]
    return "ENC[AES256_GCM,data:%s,iv:%s,tag:%s,type:%s]" % (*parts, kind)


def sealed_key(key, recipient):
    if recipient == "-":
        return "sealed to nobody\n"
    return subprocess.run(["age", "-a", "-r", recipient], input=key, stdout=subprocess.PIPE, check=True).stdout.decode()


def by_sops(form, text, key, metadata):
    import ruamel.yaml
    import sops

    tree = json.loads(text) if form == "json" else ruamel.yaml.YAML().load(text)
    tree["sops"] = metadata
    tree = sops.walk_and_encrypt(tree, key)
    if form == "json":
        return json.dumps(tree, indent="\t") + "\n"
    out = io.StringIO()
    writer = ruamel.yaml.YAML()
    writer.width = 1 << 20
    writer.dump(tree, out)
    return out.getvalue()


def dotenv(text, key, metadata):
    lines, code = [], hashlib.sha512()
    for line in filter(None, text.split("\n")):
        if line.startswith("#"):
            lines.append("#" + enc(line[1:], key, ":", "comment"))
            continue
        name, value = line.split("=", 1)
        value = value.replace("\\n", "\n")
        code.update(value.encode())
        lines.append(f"{name}={value if name.endswith('_unencrypted') else enc(value, key, name + ':')}")
    flat = {
        "age__list_0__map_enc": metadata["age"][0]["enc"].replace("\n", "\\n"),
        "age__list_0__map_recipient": metadata["age"][0]["recipient"],
        "lastmodified": NOW,
        "mac": enc(code.hexdigest().upper(), key, NOW),
        "unencrypted_suffix": "_unencrypted",
        "version": "3.8.1",
    }
    lines += [f"sops_{name}={value}" for name, value in sorted(flat.items())]
    return "\n".join(lines) + "\n"


def only_encrypted(tree, key, metadata):
    """YAML whose MAC is over what is encrypted alone; printed as JSON, which is YAML."""
    code = hashlib.sha512(hashlib.sha256(b"sops").digest())

    def walk(value, path):
        if isinstance(value, dict):
            return {name: walk(inner, path + [name]) for name, inner in value.items()}
        if isinstance(value, list):
            return [walk(inner, path) for inner in value]
        if any(name.endswith("_unencrypted") for name in path) or value is None:
            return value
        code.update(str(value).encode())
        return enc(str(value), key, ":".join(path) + ":")

    tree = walk(tree, [])
    mac = enc(code.hexdigest().upper(), key, NOW)
    tree["sops"] = metadata | {"mac": mac, "lastmodified": NOW, "mac_only_encrypted": True}
    return json.dumps(tree, indent="\t") + "\n"


def main():
    form, path, recipient, *more = sys.argv[1:]
    key = bytes(range(32)) if recipient == "-" else os.urandom(32)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    metadata = {"age": [{"recipient": recipient, "enc": sealed_key(key, recipient)}], "version": "1.18"}
    if form == "dotenv":
        written = dotenv(text, key, metadata)
    elif more:
        written = only_encrypted(json.loads(text), key, metadata)
    else:
        written = by_sops(form, text, key, metadata)
    sys.stdout.write(written)


main()
