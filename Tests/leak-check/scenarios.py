"""What is done while everything is watched: (name, words, trigger, what happens then, exit status)."""
import os
import signal
import subprocess


def kill_client(pid):
    os.kill(pid, signal.SIGKILL)


def drop_connection(pid):
    """ssh dies, as when the line is cut."""
    for child in subprocess.run(["pgrep", "-P", str(pid), "-x", "ssh"], capture_output=True, text=True).stdout.split():
        os.kill(int(child), signal.SIGKILL)


def kill_shell(lab, number):
    """The shell on the host dies, killed or by a crash, which would write a core."""
    def act(_):
        below = [lab.pid("sshd")]
        while below:
            parents = ",".join(map(str, below))
            listed = subprocess.run(["pgrep", "-P", parents, "-l"], capture_output=True, text=True).stdout.split("\n")
            found = [line.split() for line in listed if line]
            for pid, name in found:
                if name in ("sh", "dash", "bash", "busybox"):
                    os.kill(int(pid), number)
                    return
            below = [int(pid) for pid, _ in found]
        raise SystemExit("leak-check: no shell runs on the host")
    return act


def scenarios(lab):
    facts = lab.facts
    good, leaky = facts["tags_good"], facts["tag_leaky"]
    backend = ["deploy", "core", "backend", "--tag"]
    kill = [(f"kill -9 at '{at.strip()}'", [*backend, good[number % 2]], at, kill_client, None)
            for number, at in enumerate(["checking ", "fetching secrets", " started", "login", "pull ", "up ", "health "])]
    return [
        ("success", ["deploy", "core", "all", "--tag", good[0]], None, None, 0),
        ("success, -v", [*backend, good[1], "-v"], None, None, 0),
        ("dry run, -v", [*backend, good[2], "--dry-run", "-v"], None, None, 0),
        ("the registries are asked for what is not there, -v", [*backend, "sha-ffffff0", "--dry-run", "-v"], None, None, 69),
        ("failed pull, -v", [*backend, "sha-ffffff0", "-v"], None, None, 1),
        ("unhealthy, prints its environment, -v", [*backend, leaky, "-v"], None, None, 1),
        ("rollback, -v", ["rollback", "core", "-v"], None, None, 0),
        ("connection dropped in pull, -v", [*backend, good[2], "-v"], "login ", drop_connection, 1),
        ("connection dropped in up, -v", [*backend, good[2], "-v"], "Container ktrdr-backend", drop_connection, None),
        *kill,
        ("the host's shell is killed in pull, -v", [*backend, good[2], "-v"], "login ", kill_shell(lab, signal.SIGKILL), 1),
        ("the host's shell crashes in pull, -v", [*backend, good[2], "-v"], "login ", kill_shell(lab, signal.SIGSEGV), 1),
        ("secrets check", ["secrets", "check"], None, None, 0),
        ("doctor", ["doctor", "core"], None, None, 0),
        ("success again, -v", [*backend, good[0], "-v"], None, None, 0),
    ]


def readings(count):
    """Everything that can be read of the ledger afterwards."""
    shown = [words for n in range(1, count + 1) for words in (["show", str(n)], ["show", str(n), "--format", "json"])]
    return [["history"], ["history", "--format", "json"], ["history", "--format", "csv"], ["ledger", "export"],
            ["ledger", "export", "--format", "csv"], ["ledger", "verify"], *shown]
