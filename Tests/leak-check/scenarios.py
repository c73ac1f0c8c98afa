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


def scenarios(facts):
    good, leaky = facts["tags_good"], facts["tag_leaky"]
    backend = ["deploy", "core", "backend", "--tag"]
    kill = [(f"kill -9 at '{at.strip()}'", [*backend, good[number % 2]], at, kill_client, None)
            for number, at in enumerate(["checking ", "fetching secrets", " started", "login", "pull ", "up ", "health "])]
    return [
        ("success", ["deploy", "core", "all", "--tag", good[0]], None, None, 0),
        ("success, -v", [*backend, good[1], "-v"], None, None, 0),
        ("dry run, -v", [*backend, good[2], "--dry-run", "-v"], None, None, 0),
        ("failed pull, -v", [*backend, "sha-ffffff0", "-v"], None, None, 1),
        ("unhealthy, prints its environment, -v", [*backend, leaky, "-v"], None, None, 1),
        ("rollback, -v", ["rollback", "core", "-v"], None, None, 0),
        ("connection dropped in pull, -v", [*backend, good[2], "-v"], "login ", drop_connection, 1),
        ("connection dropped in up, -v", [*backend, good[2], "-v"], "Container ktrdr-backend", drop_connection, None),
        *kill,
        ("secrets check", ["secrets", "check"], None, None, 0),
        ("doctor", ["doctor", "core"], None, None, 0),
        ("success again, -v", [*backend, good[0], "-v"], None, None, 0),
    ]


def readings(count):
    """Everything that can be read of the ledger afterwards."""
    shown = [words for n in range(1, count + 1) for words in (["show", str(n)], ["show", str(n), "--format", "json"])]
    return [["history"], ["history", "--format", "json"], ["history", "--format", "csv"], ["ledger", "export"],
            ["ledger", "export", "--format", "csv"], ["ledger", "verify"], *shown]
