#!/usr/bin/env python3
"""Fills a small tmpfs (as root, or in a user namespace): the error is clear, the chain stays valid, and writing works again
once there is room.

Control: the writer gives up while the disk is full.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from common import acknowledged, end, judge, write


def main():
    failures = []
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=0700", "tmpfs", directory], check=True)
        try:
            ledger = Path(directory) / "ledger.db"
            seqs = acknowledged(write(ledger, 10).stdout)
            filler = Path(directory) / "filler"
            with open(filler, "wb") as file:
                file.write(bytes(6 << 20))
            refused = write(ledger, 10)
            if refused.returncode != 1 or "is full; free at least 16 MiB" not in refused.stderr:
                failures.append(f"below 16 MiB a deployment was not refused: {refused.stderr}")
            if judge(ledger) != (len(seqs) + 1, []):
                failures.append(f"the chain after a refusal: {judge(ledger)}")
            filler.unlink()
            running = subprocess.Popen(
                ["python3", "-c", FILL, str(filler)], stdout=subprocess.PIPE, text=True)
            running.stdout.readline()
            during = write(ledger, 200)
            running.wait()
            seqs += acknowledged(during.stdout)
            if during.returncode == 0:
                failures.append("control: the disk was not full")
            filler.unlink()
            after = write(ledger, 10)
            if after.returncode:
                failures.append(f"writing did not work again: {after.stderr}")
            events, problems = judge(ledger)
            if problems or events < len(seqs) + 11:
                failures.append(f"{events} events of {len(seqs) + 11}, {problems}")
        finally:
            subprocess.run(["umount", directory], check=True)
    end("full disk", failures, "refused, filled while writing, freed")


FILL = """
import os, sys
with open(sys.argv[1], "wb", buffering=0) as file:
    try:
        while True:
            file.write(bytes(1 << 16))
    except OSError:
        print("full", flush=True)
"""

if os.geteuid():
    os.execvp("unshare", ["unshare", "--user", "--map-root-user", "--mount", sys.executable, *sys.argv])
main()
