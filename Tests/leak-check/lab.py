"""The leak check's own lab: sshd and registry as verbose as they can be, secrets with random values, sshd under strace.

The engine logs as it does by default: one that is told to debug writes every container's environment into its log.
"""
import json
import os
import shutil
import subprocess
import time

import traces

HERE = os.path.dirname(os.path.abspath(__file__))
LAB = os.path.join(HERE, "..", "lab", "lab")
EXTRA = {"EXTRA_DASH": "extra_dash", "EXTRA_UNICODE": "extra_unicode", "EXTRA_SPACE": "extra_space"}


def run(*words, **options):
    return subprocess.run(words, check=True, capture_output=True, **options)


def wait_for(what, condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"leak-check: {what} did not happen within {seconds} s")
        time.sleep(0.05)


class Lab:
    def __init__(self, root, ktrdr):
        self.root, self.ktrdr = root, ktrdr
        self.tracer = None
        run(LAB, "up", root, "--hosts", "core")
        with open(f"{root}/lab.json", encoding="utf-8") as file:
            self.facts = json.load(file)
        shown = run("/bin/sh", "-c", f". {root}/env && env -0", env={"PATH": os.environ["PATH"]}).stdout
        self.environment = dict(e.split("=", 1) for e in shown.decode().split("\0") if "=" in e)
        self.environment["OP_SESSION_lab"] = "a session"
        os.makedirs(f"{root}/trace")
        with open(f"{root}/secrets/registry-password", encoding="utf-8") as file:
            self.token = file.read()

    def prepare(self, values):
        for field, value in values.items():
            run(LAB, "set-field", self.root, self.facts["item"], field, input=value.encode())
        self._edit("ktrdr.yml", "      JWT_SECRET: jwt_secret\n", "".join(f"      {n}: {f}\n" for n, f in EXTRA.items()))
        self._edit("hosts/core/stack/docker-compose.core.yml", "    JWT_SECRET: ${JWT_SECRET}\n",
                   "".join(f"    {name}: ${{{name}}}\n" for name in EXTRA))
        self._edit("hosts/core/sshd_config", "LogLevel VERBOSE\n", "", "LogLevel DEBUG3\n")
        self._edit("registry/config.yml", "log: {level: info}\n", "", "log: {level: debug}\n")
        for part in ("sshd", "registry"):
            run(LAB, "kill-host", self.root, "core", part)
            run(LAB, "start-host", self.root, "core", part)
        # A host that lets every program write a core.
        run("prlimit", "--core=unlimited:unlimited", "--pid", str(self.pid("sshd")))
        self.tracer = subprocess.Popen(
            ["strace", "-f", *traces.OPTIONS, "-e", traces.CALLS, "-o", f"{self.root}/trace/host", "-p", str(self.pid("sshd"))],
            stderr=subprocess.DEVNULL)
        status = f"/proc/{self.pid('sshd')}/status"
        wait_for("strace of sshd", lambda: f"TracerPid:\t{self.tracer.pid}\n" in open(status, encoding="utf-8").read())

    def _edit(self, name, line, after, instead=None):
        path = f"{self.root}/{name}"
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if line not in text:
            raise SystemExit(f"leak-check: {name} has no line {line!r}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(line, (instead or line) + after, 1))

    def pid(self, part):
        with open(f"{self.root}/hosts/core/{part}.pid", encoding="utf-8") as file:
            return int(file.read())

    def await_quiet(self):
        """Until no script runs on the host: one whose client was killed may still be at work."""
        wait_for("the end of what runs on the host",
                 lambda: subprocess.run(["pgrep", "-P", str(self.pid("sshd"))], capture_output=True).returncode == 1, 60)

    def client(self, number, words, trigger=None, act=None):
        """Runs ktrdr under strace. When its words hold `trigger`, `act` gets its process id. Returns all it said."""
        prefix = f"{self.root}/trace/client-{number}"
        command = ["strace", "-f", *traces.OPTIONS, "-v", "-e", traces.CALLS, "-o", prefix, self.ktrdr, *words]
        child = subprocess.Popen(command, cwd=f"{self.root}/repo", env=self.environment, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, done = b"", trigger is None
        while chunk := os.read(child.stdout.fileno(), 1 << 16):
            said += chunk
            if not done and trigger.encode() in said:
                done = True
                act(int(run("pgrep", "-P", str(child.pid)).stdout.split()[0]))
        child.wait(timeout=60)
        if not done:
            raise SystemExit(f"leak-check: {words} never said {trigger!r}:\n{said.decode(errors='replace')}")
        return child.returncode, said, traces.Trace(prefix).read()

    def close(self):
        if self.tracer:
            self.tracer.terminate()
            self.tracer.wait()
        run(LAB, "down", self.root)
        shutil.rmtree(self.root, ignore_errors=True)
