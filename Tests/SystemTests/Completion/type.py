#!/usr/bin/env python3
"""Types on a terminal of its own at a program, and prints what the program showed, without what moves the cursor.

usage: type.py STEPS PROGRAM [ARGUMENT...]

STEPS is JSON: a list of [keys, pattern]. The next keys are typed once the pattern was shown after the last ones; without a
pattern, at once. Ends with 1 if a pattern was not shown in half a minute.
"""
import fcntl, json, os, pty, re, select, struct, sys, termios, time

PATIENCE = 30
# What colours, moves, names windows, asks the terminal.
STEERING = re.compile(rb"\x1b\[[0-9;?<>=]*[A-Za-z]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b[=>78Mk]|\x0f|\r")


def main():
    steps, program = json.loads(sys.argv[1]), sys.argv[2:]
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(program[0], program)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    everything = b""
    for keys, pattern in steps:
        os.write(terminal, keys.encode())
        shown, until = b"", time.monotonic() + PATIENCE
        while pattern and not re.search(pattern.encode(), STEERING.sub(b"", shown)):
            if time.monotonic() > until:
                sys.exit(f"not shown after {keys!r}: {pattern}\n{STEERING.sub(b'', everything + shown).decode(errors='replace')}")
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    shown += os.read(terminal, 65536)
                except OSError:
                    break
        everything += shown
    os.close(terminal)
    os.waitpid(child, 0)
    sys.stdout.buffer.write(STEERING.sub(b"", everything))


main()
