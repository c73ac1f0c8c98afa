#!/usr/bin/env python3
"""Pretends that the ledger is on a network file system: it is refused by name, before anything is written. A library replaces
the system's answer, because such file systems cannot be mounted everywhere. Control: a local file system is accepted."""
import os
import subprocess
import tempfile
from pathlib import Path

from common import end, write

KINDS = {0x6969: "NFS", 0xFE534D42: "SMB", 0x517B: "SMB", 0x65735546: "FUSE", 0xEF53: None}


def main():
    failures = []
    with tempfile.TemporaryDirectory() as name:
        shim = Path(name) / "statfs.so"
        source = Path(__file__).with_name("statfs.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", shim, source], check=True)
        for exists in (False, True):
            for number, kind in KINDS.items():
                ledger = Path(name) / f"{exists}-{number}" / "ledger.db"
                if exists:
                    write(ledger, 5)
                before = sorted((path.name, path.read_bytes()) for path in ledger.parent.glob("*"))
                settings = {"LD_PRELOAD": str(shim), "FAULT_FILESYSTEM": str(number)}
                result = write(ledger, 5, env=os.environ | settings)
                after = sorted((path.name, path.read_bytes()) for path in ledger.parent.glob("*"))
                if kind is None:
                    if result.returncode:
                        failures.append(f"control: a local file system was refused: {result.stderr}")
                elif result.returncode == 0 or before != after:
                    failures.append(f"{kind} was not refused, existing {exists}")
                elif not all(word in result.stderr for word in (kind, "--ledger", "XDG_STATE_HOME")):
                    failures.append(f"{kind}: {result.stderr}")
    end("network file systems", failures, f"{len(KINDS) - 1} kinds, a new and an existing ledger each")


main()
