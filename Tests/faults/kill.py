#!/usr/bin/env python3
"""Kills writers at random moments: every acknowledged event must be there, and the chain valid.

A third of the kills hit a first run, which creates the ledger. Half of the kills come a random time after the start, half a
random time after a random event, however slow the machine is. Control: an event that was never written counts as lost.
"""
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import acknowledged, command, end, judge, write

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 300


def kill_one(ledger, lines, delay):
    """Kills a writer `delay` seconds after it has printed this many lines; returns the seqs that it printed."""
    writer = subprocess.Popen(command(ledger, 100_000), stdout=subprocess.PIPE, text=True)
    said = "".join(writer.stdout.readline() for _ in range(lines))
    time.sleep(delay)
    writer.kill()
    return acknowledged(said + writer.communicate()[0])


def lost(ledger, seqs):
    """What the ledger lacks of the acknowledged events; None if it has them all."""
    if not ledger.exists():
        return f"no ledger, {len(seqs)} acknowledged" if seqs else None
    events, problems = judge(ledger)
    if problems:
        return f"{problems[:3]}"
    return f"{events} events, {max(seqs)} acknowledged" if seqs and max(seqs) > events else None


def main():
    random.seed(7)
    failures, total = [], 0
    with tempfile.TemporaryDirectory() as directory:
        ledger = Path(directory) / "0" / "ledger.db"
        for number in range(KILLS):
            if number % 3 == 0:
                ledger = Path(directory) / str(number) / "ledger.db"
            late = number % 2
            seqs = kill_one(ledger, late * random.randrange(1, 25), random.uniform(0, 0.01 if late else 0.06))
            total += len(seqs)
            reason = lost(ledger, seqs)
            if reason:
                failures.append(f"kill {number}: {reason}")
            if ledger.exists() and write(ledger, 5).returncode:
                failures.append(f"kill {number}: the next writer failed")
        if lost(ledger, [10**9]) is None:
            failures.append("control: a lost event was not noticed")
        if total < KILLS:
            failures.append(f"control: only {total} events were acknowledged")
    end("kill -9", failures, f"{KILLS} kills, {total} acknowledged events")


main()
