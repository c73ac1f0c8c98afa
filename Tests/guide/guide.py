#!/usr/bin/env python3
"""Runs the commands of a guide in a fresh lab, in order, and compares their output with the guide.

usage: guide.py GUIDE --ktrdr BINARY             prints a diff for each block that differs, and exits with 1 if any does
       guide.py GUIDE --ktrdr BINARY --update    writes the actual output into the guide instead

Blocks fenced as ```console are run. They have lines `$ COMMAND`, each followed by the command's standard output and
standard error, and by `[exit status N]` unless it is 0. With ```console parallel, the output lines can be in any order,
and numbers that depend on the order are ignored. `<!-- lab: COMMAND -->` changes the state of the lab, invisibly to the
reader, and must succeed. All other blocks are ignored.

The commands run on a terminal of 110 columns that can neither redraw nor show colours, so that tables are as people see them.
"""
import argparse, difflib, fcntl, os, pathlib, pty, re, select, shlex, signal, struct, subprocess, sys, tempfile
import termios, time

COLUMNS, LINES = 110, 40
# How long one command may take, in seconds.
PATIENCE = 300
LAB = pathlib.Path(__file__).resolve().parent.parent / "lab" / "lab"
# The path of the lab as the guide shows it, wherever it really is.
SHOWN_ROOT = "/tmp/ktrdr-lab"
FENCE = re.compile(r"```(\S*)(.*)")
COMMENT = re.compile(r"<!-- lab: (.*) -->")

# What differs between runs, and its placeholder in the comparison. Longer patterns come first.
VARYING = [
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "UUID"),
    (r"\b[0-9a-f]{64}\b", "HASH"),
    (r"\bsha256:[0-9a-f]{12}…", "sha256:HASH…"),
    (r"\b[0-9a-f]{12}\b", "HASH"),
    (r"\bktrdr/\d+\.\d+\.\d+ \S+", "CLIENT"),
    (r"\bDocker \d\S*, Compose \d\S*", "VERSIONS"),
    (r"\b127\.0\.0\.1:\d{5}\b", "127.0.0.1:PORT"),
    (r"\b\d+\.\d ?s\b|\b\d+m\d\ds\b", "DURATION"),
    # As long as a duration.
    (r" +█+", ""),
    (r"\bjust now\b|\b\d+[smh] ago\b", "AGO"),
    (r"\bup \d+[smh]\b", "up AGE"),
    # Shortened where an age takes the room.
    (r"\blab@example\.org\b", "lab"),
    (r'"duration_ms" : \d+', '"duration_ms" : N'),
    # If two services fail at the same time, either can be reported.
    (r"\b(backtest|training)-worker-1 is unhealthy", "WORKER is unhealthy"),
    # The width of a column depends on its contents.
    (r"  +", "  "),
    (r" +$", ""),
]


class Block:
    """A ```console block."""

    def __init__(self, line, words):
        self.line, self.is_parallel = line, "parallel" in words
        # (line number of the command, the command, its expected output lines)
        self.runs = []

    def normal(self, lines):
        """The lines with placeholders, as they are compared."""
        if self.is_parallel:
            return sorted(re.sub(r"(?<![\w.:-])\d+(?![\w.-])", "N", line) for line in map(normal, lines))
        return [normal(line) for line in lines]


class InvalidGuide(Exception):
    """The guide cannot be run."""


def normal(line):
    for pattern, placeholder in VARYING:
        line = re.sub(pattern, placeholder, line)
    return line


def parse(text):
    """The guide's blocks and lab commands, in order. A lab command is a tuple (line, command)."""
    parts, block, language = [], None, None
    for number, line in enumerate(text.split("\n"), 1):
        fence = FENCE.match(line)
        if fence and language is None:
            language = fence.group(1) or "text"
            words = fence.group(2).split()
            if language == "console":
                if set(words) - {"parallel"}:
                    raise InvalidGuide(f"line {number}: unknown words after console: {' '.join(words)}")
                block = Block(number, words)
        elif line == "```" and language is not None:
            if block:
                if not block.runs:
                    raise InvalidGuide(f"line {block.line}: console block without a command")
                parts.append(block)
            block = language = None
        elif block and line.startswith("$ "):
            block.runs.append((number, line[2:], []))
        elif block:
            if not block.runs:
                raise InvalidGuide(f"line {number}: output before the first command")
            block.runs[-1][2].append(line)
        elif language is None and (comment := COMMENT.fullmatch(line)):
            parts.append((number, comment.group(1)))
        elif language is None and line.startswith("<!-- lab"):
            raise InvalidGuide(f"line {number}: expected '<!-- lab: COMMAND -->'")
    if language is not None:
        raise InvalidGuide("the last block is not closed")
    return parts


def check(text, shell):
    """Runs the guide. Returns the corrected text, and a diff for each command whose output differs.

    `shell` runs a command and returns its exit status and its output lines.
    """
    lines, diffs, edits = text.split("\n"), [], []
    for part in parse(text):
        if isinstance(part, tuple):
            status, printed = shell(part[1])
            if status:
                raise InvalidGuide(f"line {part[0]}: lab command failed: {part[1]}\n" + "\n".join(printed))
            continue
        for number, command, expected in part.runs:
            status, printed = shell(command)
            if status:
                printed = printed + [f"[exit status {status}]"]
            printed = blank_separated(printed, expected)
            if part.normal(printed) == part.normal(expected):
                continue
            edits.append((number, len(expected), printed))
            diff = difflib.unified_diff(
                part.normal(expected), part.normal(printed), "in the guide", "printed", lineterm="", n=2)
            diffs.append("\n".join([f"line {number}: $ {command}"] + list(diff)))
    # Backwards, so that the line numbers stay valid.
    for number, count, printed in reversed(edits):
        lines[number : number + count] = printed
    return "\n".join(lines), diffs


def blank_separated(printed, expected):
    """Keeps an empty line between two commands in a block, which is not part of the output."""
    return printed + [""] if expected and expected[-1] == "" else printed


class LabShell:
    """Runs commands as an operator in a temporary lab."""

    def __init__(self, ktrdr):
        # A short path, for the lab's sockets. `lab up` needs an empty directory.
        self.root = tempfile.mkdtemp(prefix="kt-guide.", dir="/tmp")
        self.ktrdr = ktrdr

    def __enter__(self):
        up = subprocess.run([LAB, "up", self.root], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if up.returncode:
            sys.exit(f"guide: the lab did not start: {up.stderr}")
        os.symlink(os.path.abspath(self.ktrdr), f"{self.root}/bin/ktrdr")
        return self

    def __exit__(self, *_):
        subprocess.run([LAB, "down", self.root], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)

    def __call__(self, command):
        start = f'. {shlex.quote(self.root)}/env; LAB={shlex.quote(str(LAB))}; cd "$KTRDR_LAB/repo" || exit; eval "$1"'
        # Inherits only what the lab does not set itself. LLVM_PROFILE_FILE is where a coverage build writes its profile.
        kept = {name: os.environ[name] for name in ("PATH", "LLVM_PROFILE_FILE") if name in os.environ}
        environment = kept | {"LC_ALL": "C.UTF-8", "TERM": "dumb", "PAGER": "cat"}
        return run(["bash", "-c", start, "bash", command.replace(SHOWN_ROOT, self.root)], environment, self.root)


def run(words, environment, root):
    master, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    process = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal, env=environment, start_new_session=True)
    os.close(terminal)
    text, end = b"", time.monotonic() + PATIENCE
    # A process that was left in the background may keep the terminal open.
    while select.select([master], [], [], 0.2)[0] or process.poll() is None:
        if time.monotonic() > end:
            process.kill()
            raise InvalidGuide(f"still running after {PATIENCE} s: {words[-1]}")
        try:
            text += os.read(master, 65536) if select.select([master], [], [], 0)[0] else b""
        except OSError:
            break
    status = process.wait(timeout=PATIENCE)
    os.close(master)
    lines = [line.rstrip() for line in text.decode(errors="replace").replace(root, SHOWN_ROOT).split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return status, lines


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("guide", type=pathlib.Path)
    options.add_argument("--ktrdr", required=True, help="the binary to run")
    options.add_argument("--update", action="store_true", help="write what was printed into the guide")
    options = options.parse_args()
    text = options.guide.read_text(encoding="utf-8")
    # Exit normally on SIGTERM, so that the lab is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        parse(text)
        with LabShell(options.ktrdr) as shell:
            right, diffs = check(text, shell)
    except InvalidGuide as error:
        sys.exit(f"{options.guide}: {error}")
    if options.update:
        options.guide.write_text(right, encoding="utf-8")
        print(f"{options.guide}: {len(diffs)} outputs rewritten")
        return
    for diff in diffs:
        print(f"{options.guide}: {diff}\n")
    sys.exit(1 if diffs else 0)


if __name__ == "__main__":
    main()
