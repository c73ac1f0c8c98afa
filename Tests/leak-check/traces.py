"""Reads what strace wrote: argument lists, environments, and what was written to which file, even if it is gone."""
import glob
import re

# -ff: a file a thread, so no line is ever split. -xx: every string in hexadecimal digits. -y: the path of a descriptor.
OPTIONS = ["-ff", "-s", "1000000", "-xx", "-y", "-qq"]
CALLS = "trace=execve,execveat,open,openat,creat,write,pwrite64,writev,pwritev,rename,renameat,renameat2,link,linkat"

_string = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"')
_descriptor = re.compile(rb"^(?:p?writev?(?:64)?)\(\d+<([^>]*)>")
_opened = re.compile(rb"= \d+<([^>]*)>$")


def plain(hexed):
    return bytes.fromhex(hexed.replace(b"\\x", b"").decode())


def path_of(text):
    """A descriptor's name; with -xx it is hexadecimal, too. None for pipes, sockets and the like."""
    if text.startswith(b"\\x"):
        text = plain(text)
    return text.decode(errors="replace") if text.startswith(b"/") else None


class Trace:
    def __init__(self, prefix):
        self.prefix = prefix
        self.lists = []     # (program, the strings of one execve: path, arguments, with -v the environment)
        self.written = {}   # path -> everything that was ever written to it
        self.opened = set()

    def read(self):
        for name in sorted(glob.glob(glob.escape(self.prefix) + ".*")):
            with open(name, "rb") as file:
                for line in file:
                    self._take(line.rstrip(b"\n"))
        return self

    def _take(self, line):
        if line.startswith((b"execve", b"rename", b"link")):
            strings = [plain(s) for s in _string.findall(line)]
            if strings:
                self.lists.append((strings[0].decode(errors="replace"), strings))
        elif line.startswith((b"open", b"creat")):
            found = _opened.search(line)
            path = path_of(found.group(1)) if found else None
            if path and re.search(rb"O_WRONLY|O_RDWR|O_CREAT|^creat", line):
                self.opened.add(path)
        else:
            found = _descriptor.match(line)
            path = path_of(found.group(1)) if found else None
            if path:
                data = b"".join(plain(s) for s in _string.findall(line))
                self.written[path] = self.written.get(path, b"") + data

    def files(self):
        """Path -> what was written to it, for each file that was opened for writing; devices are none."""
        names = {p for p in self.opened | set(self.written) if not p.startswith(("/dev/null", "/dev/pts/", "/dev/tty", "/proc/"))}
        return {p: self.written.get(p, b"") for p in sorted(names)}
