#!/usr/bin/env python3
"""Flips every byte of a small ledger, first all its bits, then one: the ledger is refused, or its content is the same.

Control: a flipped byte of a host's name is refused.
"""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from common import TOOLS, end, write

STRIDE = int(sys.argv[1]) if len(sys.argv) > 1 else 1
PROCESSES = 2


def flip(ledger, first, stride):
    return subprocess.Popen(
        [TOOLS / "ledger-flipper", ledger, str(first), str(stride)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True)


def main():
    failures, refused, harmless = [], 0, 0
    # Nothing here is about durability, and memory is some ten times faster.
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        ledger = Path(name) / "ledger.db"
        write(ledger, 13)
        size = ledger.stat().st_size
        copies = [shutil.copy(ledger, Path(name) / f"copy-{number}") for number in range(PROCESSES)]
        running = [flip(copy, number * STRIDE, STRIDE * PROCESSES) for number, copy in enumerate(copies)]
        for process in running:
            said = process.communicate()[0]
            found = re.match(r"(\d+) refused, (\d+) without effect, 0 unnoticed\n$", said)
            if process.returncode or not found:
                failures.append(f"status {process.returncode}: {said.strip()}")
                continue
            refused += int(found[1])
            harmless += int(found[2])
        place = ledger.read_bytes().index(b"writer.example")
        control = flip(ledger, place, size).communicate()[0]
        if control != "2 refused, 0 without effect, 0 unnoticed\n":
            failures.append(f"control: {control.strip()}")
        if not harmless:
            failures.append("control: even unused bytes were refused")
    end("flipped bytes", failures, f"{size // STRIDE} of {size} bytes, twice each: {refused} refused, {harmless} without effect")


main()
