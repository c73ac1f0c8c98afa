"""Proves that no secret is left anywhere: runs ktrdr against a lab whose secrets are random values, and looks for them.

usage: leak_check.py KTRDR ROOT     KTRDR: the binary; ROOT: a new directory for the lab, with a short path

A second set of canaries is planted on purpose, one leak of each kind: each must be found, or the look was none.
Exit status 0: nothing of ktrdr's was found, and every planted leak was.
"""
import json
import os
import re
import sys
import time

import controls
import places
import scenarios
import values
from lab import Lab
from traces import Trace

LOGIN = "the registry login in tmpfs"
MARK = re.compile(rb"(?:@@|end_)[0-9a-f]{32}")


def watch(lab, search):
    """Runs every scenario under strace, then looks at each argument list, each file written, each word said."""
    for number, (name, words, trigger, act, expected) in enumerate(scenarios.scenarios(lab)):
        began = time.monotonic()
        status, said, trace = lab.client(number, words, trigger, act)
        if expected is not None and status != expected:
            raise SystemExit(f"leak-check: {name}: status {status}, not {expected}:\n{said.decode(errors='replace')}")
        search.look("what ktrdr printed", name, said)
        look_at(trace, "client", search, lab)
        lab.await_quiet()
        print(f"  {name}: status {status}, {time.monotonic() - began:.1f} s")


def look_at(trace, side, search, lab, owner="OP_SESSION_lab"):
    for program, strings in trace.lists:
        data = b"\n".join(strings)
        search.look(f"argument lists of the {side}", program, data)
        forbidden = side == "client" and os.path.basename(program) in ("ssh", "git")
        if forbidden and any(s.startswith(b"OP_") for s in strings):
            search.finds.append((owner, "1Password's session in a child", program))
        # Whoever knows the mark of a connection can write lines that count.
        if side == "host" and MARK.search(data):
            whose = "control" if controls.MARK in data else "the mark of a connection"
            search.finds.append((whose, "the mark in an argument", program))
    engine = f"{lab.root}/hosts/core/e/"
    for path, data in trace.files().items():
        if not path.startswith(engine):
            kind = LOGIN if is_login(path, lab) else f"files written by the {side}"
            search.look(kind, path, data)


def is_login(path, lab):
    """The one file that may hold one secret for a while, or Docker's next version of it: on tmpfs, gone with the pull."""
    top, name = os.path.split(path)
    return name.startswith("config.json") and top.startswith(f"{lab.root}/hosts/core/run/ktrdr.") and not os.path.exists(top)


def read_back(lab, search):
    status, said, _ = lab.client("list", ["history", "--format", "json", "--limit", "100"])
    count = len(json.loads(said)) if status == 0 else 0
    for number, words in enumerate(scenarios.readings(count)):
        status, said, _ = lab.client(f"read-{number}", words)
        if status != 0:
            raise SystemExit(f"leak-check: {words}: status {status}:\n{said.decode(errors='replace')}")
        search.look("exports and records read back", " ".join(words), said)
    return count


def report(search, planted):
    width = max(map(len, search.looked))
    own = [find for find in search.finds if not find[0].startswith("control")]
    login = {(name, where) for name, kind, where in own if kind == LOGIN}
    bad = [find for find in own if find[1] != LOGIN or find[0] != "ghcr_token"]
    for kind, count in sorted(search.looked.items()):
        finds = sum(1 for find in bad if find[1] == kind)
        print(f"  {kind:{width}} {count:6} looked at, {finds} finds")
    print(f"  {LOGIN}: the token and nothing else, {len(login)} times, each gone afterwards")
    found = {kind for name, kind, _ in search.finds if name.startswith("control")}
    missed = sorted(set(planted) - found)
    print(f"  planted leaks: {len(planted)} kinds, {len(planted) - len(missed)} found")
    for find in bad:
        print("LEAK", *find)
    for kind in missed:
        print("NOT FOUND, though planted:", kind)
    return not bad and not missed


def main():
    ktrdr, root = os.path.abspath(sys.argv[1]), os.path.realpath(sys.argv[2])
    began = time.time()
    search = values.Search()
    lab = Lab(root, ktrdr)
    try:
        own = values.nasty()
        for field, value in own.items():
            search.add(field, value)
        search.add("ghcr_token", lab.token, login=lab.facts["registry_user"])
        lab.prepare(own)
        watch(lab, search)
        count = read_back(lab, search)
        planted = controls.plant(lab, search, look_at)
        lab.await_quiet()
        lab.tracer.terminate()
        lab.tracer.wait()
        look_at(Trace(f"{root}/trace/host").read(), "host", search, lab)
        for kind, path in places.all_files(root, began):
            try:
                with open(path, "rb") as file:
                    search.look(kind, path, file.read())
            except OSError:
                pass
        lists = sum(n for kind, n in search.looked.items() if kind.startswith("argument"))
        files = sum(n for kind, n in search.looked.items() if not kind.startswith(("argument", "what", "exports")))
        fine = report(search, planted)
        print(f"leak-check: {len(search.forms)} forms of {len(own) + 1} values, {count} deployments, {lists} argument lists, "
              f"{files} files: {'0 finds' if fine else 'NOT PROVEN'}, {time.time() - began:.0f} s")
    finally:
        controls.remove()
        lab.close()
    return 0 if fine else 1


sys.exit(main())
