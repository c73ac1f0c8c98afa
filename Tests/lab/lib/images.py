"""Makes the lab's images and puts them into the registry: FROM scratch, busybox, and a small layer that differs.

usage: images.py REGISTRY USER PASSWORD_FILE [--configs] < lines of "REPO TAG KIND PLATFORMS MARKER"; prints "REPO:TAG DIGEST"
a line; with --configs, also the digest of the image's configuration, which is its id to Docker's own store.
PLATFORMS is `-` for a plain manifest, or the platforms of an index, such as linux/amd64,linux/arm64: `docker buildx` pushes
one even for a single platform. Then the digest is that of the index.
It speaks the registry's own protocol, which takes 10 ms an image where `docker build` and `docker push` take 400.
"""
import base64, gzip, hashlib, http.client, io, json, platform, subprocess, sys, tarfile

BUSYBOX = "/bin/busybox"
WAIT = 'trap "exit 0" TERM INT\nsleep 1000000 &\nwait\n'
STUBBORN = 'trap "" TERM\nwhile :; do sleep 1; done\n'
SERVER = f"""role=${{1:-web}}
case $role in
  check) exec test -e /tmp/serving ;;
  migrate) echo "migrate: to $(cat /app/marker)"; sleep 0.2; exec cp /app/marker /data/schema ;;
esac
echo "boot: $*"
touch /tmp/serving
{WAIT}"""
KINDS = {
    "app": SERVER,
    "good": f'echo "boot: ready"\n{WAIT}',
    "unhealthy": f'echo "boot: starting"\necho "boot: cannot reach database"\n{WAIT}',
    "leaky": f'echo "boot: cannot reach database, environment follows"\nenv\n{WAIT}',
    "crash": 'echo "boot: fatal: no such table: strategies" >&2\nexit 3\n',
    "flapping": 'echo "boot: ready"\nsleep 0.3\necho "boot: lost the database" >&2\nexit 4\n',
    "stubborn": f'echo "boot: ready, deaf to SIGTERM"\n{STUBBORN}',
    "slow": f'echo "boot: waiting for /tmp/ready"\n{WAIT}',
}
MILLISECOND = 1_000_000
SLOW_CHECK = {"Test": ["CMD", "test", "-e", "/tmp/ready"], "Interval": 200 * MILLISECOND, "Timeout": 1000 * MILLISECOND, "Retries": 10000}
FAILING_CHECK = {"Test": ["CMD", "false"], "Interval": 200 * MILLISECOND, "Timeout": 1000 * MILLISECOND, "Retries": 2}


def layer(files, links=()):
    """A layer as (compressed bytes, digest of the uncompressed ones). Fixed times: the same content, the same digest."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, mode, content in files:
            entry = tarfile.TarInfo(name)
            entry.mode = mode
            if content is None:
                entry.type = tarfile.DIRTYPE
                tar.addfile(entry)
            else:
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
        for name, target in links:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            tar.addfile(entry)
    plain = buffer.getvalue()
    return gzip.compress(plain, 1, mtime=0), digest(plain)


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def base_layer():
    applets = subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True).stdout.split()
    with open(BUSYBOX, "rb") as file:
        busybox = file.read()
    files = [(d, 0o755, None) for d in ("bin", "etc", "app", "data")] + [("tmp", 0o1777, None)]
    files.append(("etc/passwd", 0o644, b"root:x:0:0:root:/:/bin/sh\n"))
    files.append(("bin/busybox", 0o755, busybox))
    files.append(("bin/pg_isready", 0o755, b"#!/bin/sh\nexit 0\n"))
    return layer(files, [(f"bin/{a}", "busybox") for a in applets if a != "busybox"])


class Registry:
    def __init__(self, address, user, password):
        self.connection = http.client.HTTPConnection(address, timeout=20)
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.authorization = {"Authorization": f"Basic {token}"}
        self.known = set()

    def call(self, method, url, body=b"", kind="application/octet-stream"):
        self.connection.request(method, url, body, {**self.authorization, "Content-Type": kind})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            sys.exit(f"lab: registry: {method} {url}: {answer.status} {text.decode(errors='replace')}")
        return answer

    def put_blob(self, repo, data):
        name = digest(data)
        if (repo, name) not in self.known:
            where = self.call("POST", f"/v2/{repo}/blobs/uploads/").getheader("Location")
            self.call("PUT", f"{where}{'&' if '?' in where else '?'}digest={name}", data)
            self.known.add((repo, name))
        return {"size": len(data), "digest": name}

    def put_image(self, repo, tag, config, layers):
        """A tag of None leaves the manifest to be found by its digest."""
        docker = "application/vnd.docker"
        described = [{"mediaType": f"{docker}.image.rootfs.diff.tar.gzip", **self.put_blob(repo, l)} for l in layers]
        manifest = json.dumps({
            "schemaVersion": 2,
            "mediaType": f"{docker}.distribution.manifest.v2+json",
            "config": {"mediaType": f"{docker}.container.image.v1+json", **self.put_blob(repo, config)},
            "layers": described,
        }).encode()
        name = tag or digest(manifest)
        self.call("PUT", f"/v2/{repo}/manifests/{name}", manifest, f"{docker}.distribution.manifest.v2+json")
        return digest(manifest), len(manifest)

    def put_index(self, repo, tag, platforms, make):
        kind = "application/vnd.oci.image.index.v1+json"
        entries = []
        for platform_name in platforms:
            system, machine = platform_name.split("/")
            name, size = self.put_image(repo, None, *make(system, machine))
            entries.append({
                "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "digest": name, "size": size,
                "platform": {"os": system, "architecture": machine},
            })
        index = json.dumps({"schemaVersion": 2, "mediaType": kind, "manifests": entries}).encode()
        self.call("PUT", f"/v2/{repo}/manifests/{tag}", index, kind)
        return digest(index)


MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())


def image(kind, marker, base, system="linux", machine=MACHINE):
    script = f"#!/bin/sh\n{KINDS[kind]}".encode()
    own = layer([("app/run", 0o755, script), ("app/marker", 0o644, f"{marker}\n".encode())])
    settings = {"Cmd": ["/app/run"], "Env": ["PATH=/bin"], "WorkingDir": "/app", "Labels": {"lab.kind": kind, "lab.marker": marker}}
    if kind == "app":
        settings.update(Entrypoint=["/app/run"], Cmd=["web"])
    if kind in ("unhealthy", "leaky"):
        settings["Healthcheck"] = FAILING_CHECK
    if kind == "slow":
        settings["Healthcheck"] = SLOW_CHECK
    config = {
        "architecture": machine,
        "os": system,
        "created": "2026-01-01T00:00:00Z",
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": [base[1], own[1]]},
        "history": [{"created": "2026-01-01T00:00:00Z", "created_by": by} for by in ("busybox", f"{kind} {marker}")],
    }
    return json.dumps(config).encode(), [base[0], own[0]]


def main():
    address, user, password_file, *options = sys.argv[1:]
    with open(password_file, encoding="utf-8") as file:
        registry = Registry(address, user, file.read())
    base = base_layer()
    for line in sys.stdin:
        repo, tag, kind, platforms, marker = line.rstrip("\n").split(" ", 4)
        if kind not in KINDS:
            sys.exit(f"lab: no kind of image '{kind}'; there are: {' '.join(KINDS)}")
        if platforms == "-":
            config, layers = image(kind, marker, base)
            name, _ = registry.put_image(repo, tag, config, layers)
            if options == ["--configs"]:
                name += f" {digest(config)}"
        else:
            name = registry.put_index(repo, tag, platforms.split(","), lambda *p: image(kind, marker, base, *p))
        print(f"{repo}:{tag} {name}")


main()
