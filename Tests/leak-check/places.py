"""Every place on either side where a value could have been left."""
import os
import stat

LIMIT = 256 << 20


def regular_files(top, skip=(), since=0.0):
    for directory, names, files in os.walk(top):
        names[:] = [n for n in names if os.path.join(directory, n) not in skip]
        for name in files:
            path = os.path.join(directory, name)
            try:
                info = os.lstat(path)
            except OSError:
                continue
            if stat.S_ISREG(info.st_mode) and info.st_size < LIMIT and max(info.st_mtime, info.st_ctime) >= since:
                yield path


def keeps_cores():
    """Whether a program that crashes leaves its core in its directory: elsewhere a program of the system gets it."""
    with open("/proc/sys/kernel/core_pattern", encoding="utf-8") as file:
        return not file.read().startswith(("|", "/"))


def other_labs(root):
    """Their files are theirs, and many."""
    slots = "/tmp/ktrdr-lab-slots"
    found = []
    for name in os.listdir(slots) if os.path.isdir(slots) else []:
        try:
            with open(f"{slots}/{name}", encoding="utf-8") as file:
                found.append(file.read().strip())
        except OSError:
            pass
    return [path for path in found if path and path != root]


def kind_of(path, root):
    inside = path.removeprefix(root + "/") if path.startswith(root + "/") else None
    if inside is None:
        for top in ("/dev/shm", "/run", "/tmp", "/var/tmp"):
            if path.startswith(top + "/"):
                return f"files left in {top}"
        return "files left in the homes"
    if inside.endswith("history"):
        return "shell histories"
    if os.path.basename(path).split(".")[0] == "core" and inside.startswith("hosts/core/stack/"):
        return "cores on the host"
    for start, kind in (("state/", "the ledger and its siblings"), ("hosts/core/sshd.log", "sshd's log (DEBUG3)"),
                        ("registry/log", "the registry's log (debug)"), ("hosts/core/engine.log", "the engine's log"),
                        ("hosts/core/home/.docker", "~/.docker"), ("home/.docker", "~/.docker")):
        if inside.startswith(start):
            return kind
    return "other files of client and host"


def all_files(root, began):
    """(kind, path). Out: the stand-in's items and the registry's password, which are where the secrets come from; the
    engine's own storage, which holds a container's environment; the traces, which are read apart."""
    home = os.path.expanduser("~")
    skip = [f"{root}/op/items", f"{root}/secrets", f"{root}/hosts/core/e", f"{root}/trace"]
    for path in regular_files(root, skip):
        yield kind_of(path, root), path
    for top in ("/dev/shm", "/run", "/tmp", "/var/tmp"):
        for path in regular_files(top, [root, *other_labs(root)], began):
            yield kind_of(path, root), path
    for name in (".docker", ".local/state", ".config", ".ssh"):
        for path in regular_files(f"{home}/{name}", (), began):
            yield ("~/.docker" if name == ".docker" else "files left in the homes"), path
    for name in os.listdir(home):
        if name.endswith("history"):
            yield "shell histories", f"{home}/{name}"
