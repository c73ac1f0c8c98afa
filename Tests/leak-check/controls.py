"""One leak of each kind, planted on purpose. Each is a value of its own, in another form."""
import base64
import html
import json
import os
import shlex
import sqlite3
import subprocess
import urllib.parse

import places
import traces
import values

# A mark as no connection has one.
MARK = b"@@" + b"c0ffee00" * 4

_left = []


def _forms(value):
    """The value in the writings of other programs, one after the other, for ever."""
    while True:
        yield value.encode()
        yield base64.b64encode(b"x" + value.encode() + b"yz")
        yield json.dumps(value).encode()
        yield urllib.parse.quote_plus(value).encode()
        yield base64.urlsafe_b64encode(b"xy" + value.encode())
        yield shlex.quote(value).encode()
        yield json.dumps(json.dumps(value)).encode()
        yield html.escape(value).encode()
        yield urllib.parse.quote(value).encode()
        yield value.replace("'", "''").encode()
        yield value.upper().encode()
        yield value.encode("latin-1")


def plant(lab, search, look_at):
    """Returns the kinds of which one was planted."""
    value = f"it's \"{values.core()}\" $x/?>>~ü & more"
    search.add("control", value)
    forms = _forms(value)
    kinds = [
        "argument lists of the client", "argument lists of the host", "files written by the client",
        "files written by the host", "what ktrdr printed", "exports and records read back", "1Password's session in a child",
    ]
    text = next(forms).decode()
    prefix = f"{lab.root}/trace/control"
    script = 'true "$1"; printf %s "$2" >"$3"; rm "$3"'
    gone = f"{lab.root}/home/gone"
    subprocess.run(
        ["strace", "-f", *traces.OPTIONS, "-v", "-e", traces.CALLS, "-o", prefix, "/bin/sh", "-c", "exec /bin/sh \"$@\"", "sh",
         "-c", script, "sh", "x", next(forms).decode(), gone], check=True)
    subprocess.run(["strace", "-f", *traces.OPTIONS, "-v", "-e", traces.CALLS, "-o", prefix, "/usr/bin/env", "OP_SESSION_x=y",
                    "/usr/bin/ssh", "-V"], check=True, capture_output=True)
    look_at(traces.Trace(prefix).read(), "client", search, lab, owner="control")
    kinds.append("the mark in an argument")
    remote = f"/bin/true {MARK.decode()}; /bin/true {shlex.quote(text)}; printf %s {shlex.quote(next(forms).decode())} >$TMPDIR/gone; rm $TMPDIR/gone"
    subprocess.run(["ssh", "backend.ktrdr.lab", remote], env=lab.environment, check=True, stdin=subprocess.DEVNULL)
    if places.keeps_cores():
        kinds.append("cores on the host")
        crash = f"cd {lab.root}/hosts/core/stack && exec sh -c 'x=$(cat); kill -SEGV $$'"
        subprocess.run(["ssh", "backend.ktrdr.lab", crash], env=lab.environment, input=next(forms), check=False)
    search.look("what ktrdr printed", "control", b"  up       " + next(forms) + b"\n")
    search.look("exports and records read back", "control", b'{"output":"' + next(forms) + b'"}')
    for kind, path in {
        "shell histories": f"{lab.root}/hosts/core/home/.sh_history",
        "sshd's log (DEBUG3)": f"{lab.root}/hosts/core/sshd.log",
        "the registry's log (debug)": f"{lab.root}/registry/log",
        "the engine's log": f"{lab.root}/hosts/core/engine.log",
        "~/.docker": f"{lab.root}/hosts/core/home/.docker/config.json",
        "other files of client and host": f"{lab.root}/hosts/core/stack/.env",
        "files left in /dev/shm": f"/dev/shm/ktrdr-leak-{os.getpid()}",
        "files left in /run": f"/run/ktrdr-leak-{os.getpid()}",
        "files left in /tmp": f"/tmp/ktrdr-leak-{os.getpid()}",
    }.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "ab") as file:
            file.write(b"\n" + next(forms) + b"\n")
        if not path.startswith(lab.root):
            _left.append(path)
        kinds.append(kind)
    with sqlite3.connect(f"{lab.root}/state/control.db") as database:
        database.execute("CREATE TABLE event (output)")
        database.execute("INSERT INTO event VALUES (?)", (next(forms),))
    kinds.append("the ledger and its siblings")
    return kinds


def remove():
    for path in _left:
        if os.path.exists(path):
            os.remove(path)
