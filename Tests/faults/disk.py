"""Simulates what a power cut can leave on a disk after recorded system calls.

Each file has durable bytes and changes that are not synced yet; so do the names in each directory. A cut keeps any subset of a
file's unsynced changes, can cut off a write at any sector of 512 bytes, and keeps the first few changes of names, as a
journalling file system does. A change of a name is durable once its directory is synced.
"""
import re

CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def strings(arguments):
    return [bytes.fromhex(text.replace("\\x", "")) for text in STRING.findall(arguments)]


def parse(lines):
    """(call, arguments, result) in the order in which the calls returned."""
    halves = {}
    for line in lines:
        pid = line.split(" ", 1)[0]
        if line.rstrip().endswith("<unfinished ...>"):
            halves[pid] = line.rstrip()[: -len("<unfinished ...>")].rstrip()
            continue
        if " resumed>" in line and pid in halves:
            line = halves.pop(pid) + line.split(" resumed>", 1)[1]
        found = CALL.match(line)
        if found:
            yield found[2], found[3], int(found[4])


class File:
    def __init__(self):
        self.durable = b""
        self.pending = []  # ("write", offset, bytes) or ("truncate", size)

    def sync(self):
        for change in self.pending:
            self.durable = apply(self.durable, change)
        self.pending = []

    def after_cut(self, random):
        content = self.durable
        for change in self.pending:
            fate = random.random()
            if fate < 0.4:
                content = apply(content, change)
            elif fate < 0.6 and change[0] == "write":
                keep = 512 * random.randrange(len(change[2]) // 512 + 1)
                content = apply(content, ("write", change[1], change[2][:keep]))
        return content


def apply(content, change):
    if change[0] == "truncate":
        return content[: change[1]].ljust(change[1], b"\0")
    _, offset, data = change
    content = content.ljust(offset, b"\0")
    return content[:offset] + data + content[offset + len(data):]


class Disk:
    """Names are whole paths. `ignores(disk, opened)` is true for a sync that the controls leave out."""

    def __init__(self, ignores):
        self.ignores = ignores
        self.durable, self.names, self.changes = {}, {}, []
        self.open, self.at, self.said = {}, {}, b""

    def rename(self, path, file):
        self.changes.append((path, file))
        if file is None:
            self.names.pop(path, None)
        else:
            self.names[path] = file

    def run(self, call, arguments, result):
        if result < 0:
            return
        words = strings(arguments)
        fd = int(re.match(r"\d+", arguments)[0]) if arguments[:1].isdigit() else None
        if call == "openat":
            path = words[0].decode()
            self.open[result], self.at[result] = path, 0
            if "O_CREAT" in arguments and path not in self.names:
                self.rename(path, File())
            if path in self.names:
                self.open[result] = self.names[path]
                if "O_TRUNC" in arguments:
                    self.names[path].pending.append(("truncate", 0))
        elif call == "write" and fd == 1:
            self.said += words[0]
        elif call in ("write", "pwrite64") and isinstance(self.open.get(fd), File):
            offset = int(arguments.rsplit(", ", 1)[1]) if call == "pwrite64" else self.at[fd]
            self.open[fd].pending.append(("write", offset, words[0][:result]))
            self.at[fd] += result if call == "write" else 0
        elif call == "ftruncate" and isinstance(self.open.get(fd), File):
            self.open[fd].pending.append(("truncate", int(arguments.rsplit(", ", 1)[1])))
        elif call in ("fsync", "fdatasync"):
            self.sync(self.open.get(fd))
        elif call in ("unlink", "unlinkat"):
            self.rename(words[-1].decode(), None)
        elif call.startswith("rename"):
            file = self.names.get(words[0].decode())
            self.rename(words[1].decode(), file)
            self.rename(words[0].decode(), None)

    def sync(self, opened):
        if self.ignores(self, opened):
            return
        if isinstance(opened, File):
            opened.sync()
        elif opened is not None:
            inside = [change for change in self.changes if change[0].rsplit("/", 1)[0] == opened]
            self.changes = [change for change in self.changes if change not in inside]
            self.durable = settle(self.durable, inside)

    def after_cut(self, random):
        """The files by path."""
        kept = self.changes[: random.randrange(len(self.changes) + 1)]
        return {path: file.after_cut(random) for path, file in settle(dict(self.durable), kept).items()}


def settle(names, changes):
    for path, file in changes:
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file
    return names
