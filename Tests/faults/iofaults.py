#!/usr/bin/env python3
"""Makes the Nth write, sync, truncation or removal fail with EIO or ENOSPC, once or from then on.

Nothing is corrupted, no acknowledged event is lost or duplicated, and the next writer succeeds. Control: enough writers see a
fault.
"""
import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from common import acknowledged, end, judge, write

FAULTS = int(sys.argv[1]) if len(sys.argv) > 1 else 500
EVENTS = 10
# The writer's deployments have five events each, the last three of them in one transaction.
DEPLOYMENT, END = 5, 3


def check(ledger, result, before):
    """What harm a fault did; None if it did none. Runs the next writer, which also records a spooled end."""
    seqs = acknowledged(result.stdout)
    if result.returncode < 0:
        return f"died of signal {-result.returncode}"
    if result.returncode == 0 and len(seqs) != EVENTS:
        return f"succeeded with {len(seqs)} events acknowledged"
    if result.returncode and not result.stderr.startswith("ledger-writer: "):
        return "failed without a message"
    after = write(ledger, 5)
    if after.returncode:
        return f"the next writer failed: {after.stderr.strip()}"
    events, problems = judge(ledger)
    # One transaction can be there although it was never acknowledged: its commit or its spool file survived the error.
    extra = events - (before or 1) - len(seqs) - 5
    in_doubt = 0 if not result.returncode else END if len(seqs) % DEPLOYMENT == DEPLOYMENT - END else 1
    if problems or extra not in (0, in_doubt):
        return f"{extra} events more than acknowledged, {problems[:2]}"
    return None


def main():
    failures, failed = [], 0
    with tempfile.TemporaryDirectory() as directory:
        shim = Path(directory) / "iofault.so"
        source = Path(__file__).with_name("iofault.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim, source, "-ldl"], check=True)
        kinds = [(code, good) for code in (errno.EIO, errno.ENOSPC) for good in (0, 1)]
        for number in range(FAULTS):
            code, good = kinds[number % 4]
            ledger = Path(directory) / str(number) / "ledger.db"
            fresh = number % 8 < 4
            before = 0 if fresh else len(acknowledged(write(ledger, 5).stdout)) + 1
            settings = {"LD_PRELOAD": shim, "FAULT_NTH": number // 4 + 1, "FAULT_ERRNO": code, "FAULT_FOR_GOOD": good}
            environment = os.environ | {name: str(value) for name, value in settings.items()}
            result = write(ledger, EVENTS, env=environment)
            failed += result.returncode != 0
            reason = check(ledger, result, before)
            if reason:
                failures.append(f"call {number // 4 + 1}, {errno.errorcode[code]}, for good {good}, fresh {fresh}: {reason}")
    if failed < FAULTS // 4:
        failures.append(f"control: only {failed} writers saw a fault")
    end("I/O faults", failures, f"{FAULTS} faults, {failed} writers gave up with a message")


main()
