#!/usr/bin/env python3
"""What a command takes as a whole process, into a pipe and on a terminal of 120 columns, beside /bin/true started the same way.

    run.py PROGRAM LEDGER [RUNS]
"""
import fcntl
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

program, ledger, runs = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 100


def milliseconds(words, terminal):
    """From the start of the process until it has ended and all that it wrote is read."""
    reader, writer = os.openpty() if terminal else os.pipe()
    if terminal:
        fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    actions = [(os.POSIX_SPAWN_DUP2, writer, 1), (os.POSIX_SPAWN_DUP2, writer, 2), (os.POSIX_SPAWN_CLOSE, reader)]
    begin = time.perf_counter()
    child = os.posix_spawn(words[0], words, os.environ, file_actions=actions, setsid=True)
    os.close(writer)
    try:
        while os.read(reader, 1 << 16):
            pass
    except OSError:  # how Linux reports the end of a terminal
        pass
    _, status = os.waitpid(child, 0)
    end = time.perf_counter()
    os.close(reader)
    if status:
        sys.exit(f"{' '.join(words)} failed")
    return (end - begin) * 1000


with tempfile.TemporaryDirectory() as directory:
    stripped = f"{directory}/ktrdr"
    subprocess.run(["strip", "-o", stripped, program], check=True)
    commands = {
        "ktrdr history": [stripped, "history", "--ledger", ledger],
        "ktrdr history, no ledger": [stripped, "history", "--ledger", f"{directory}/none.db"],
        "/bin/true": ["/bin/true"],
    }
    print(f"{'milliseconds':<28}{'p10':>8}{'p50':>8}{'p90':>8}{'ratio':>8}")
    for terminal in False, True:
        # In turn, so that what else the machine does meets all of them.
        times = {name: [] for name in commands}
        for _ in range(runs):
            for name, words in commands.items():
                times[name].append(milliseconds(words, terminal))
        base = statistics.median(times["/bin/true"])
        for name, found in times.items():
            deciles = statistics.quantiles(found, n=10)
            where = "on a terminal" if terminal else "into a pipe"
            p50 = statistics.median(found)
            print(f"{name:<28}{deciles[0]:8.2f}{p50:8.2f}{deciles[-1]:8.2f}{p50 / base:8.1f}  {where}")
