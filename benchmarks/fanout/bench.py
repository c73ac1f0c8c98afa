"""Times deployments that change nothing: the tools alternate, so that a drift of the machine's speed hits all alike.

usage: bench.py KTRDR LAB PEERS RUNS HOSTS... ; prints a table, the medians of each figure, and their ratio to the bare command
with as many connections at once: as many as hosts or, in the rows that say so, as many as ktrdr opens when nothing is said.
"""
import ctypes, json, os, platform, shlex, statistics, subprocess, sys, time
from pathlib import Path

ktrdr, lab, peers, runs, *sizes = sys.argv[1:]
lab, peers, runs, sizes = Path(lab), Path(peers), int(runs), [int(size) for size in sizes]
facts = json.loads((lab / "lab.json").read_text())
item = json.loads((lab / "op" / "items" / f"{facts['item']}.json").read_text())
fields = {field["label"]: field.get("value", "") for field in item["fields"]}
names = list(facts["directories"])
tag = facts["tags_good"][-1]
# What --max-parallel is when it is not given.
default_parallel = 4


def command(name):
    """What an operator would type: login, pull, up, with the values where every `ps` shows them."""
    values = {"IMAGE_TAG": tag, "DB_USER": fields["db_username"], "DB_PASSWORD": fields["db_password"]}
    exports = "; ".join(f"export {key}={shlex.quote(value)}" for key, value in values.items())
    login = f"docker login -u kpiteira --password-stdin {facts['registry']} >/dev/null 2>&1"
    token = shlex.quote(fields["ghcr_token"])
    directory = facts["directories"][name]
    return f"cd {directory} && {exports}; printf %s {token} | {login} && docker compose pull -q && docker compose up -d 2>&1"


def write_inputs(count):
    """The same work in each tool's own words."""
    hosts = {f"{name}.ktrdr.lab": command(name) for name in names[:count]}
    directory = lab / "bench" / str(count)
    directory.mkdir(parents=True, exist_ok=True)
    for host, text in hosts.items():
        (directory / host).write_text(text)
    (directory / "hosts").write_text("".join(f"{host}\n" for host in hosts))
    (directory / "fabric_deploy.py").write_text(FABRIC.format(directory=directory, config=lab / "ssh_config"))
    (directory / "inventory.py").write_text(f"hosts = {[(h, {'ssh_config_file': str(lab / 'ssh_config')}) for h in hosts]!r}\n")
    (directory / "pyinfra_deploy.py").write_text(PYINFRA.format(directory=directory))
    (directory / "playbook.yml").write_text(PLAYBOOK.format(directory=directory))
    return directory


FABRIC = """
from pathlib import Path
from fabric import Config, Connection
from concurrent.futures import ThreadPoolExecutor
directory = Path({directory!r})
def deploy(host):
    with Connection(host, config=Config(runtime_ssh_path={config!r})) as c:
        c.run((directory / host).read_text(), hide=True)
hosts = (directory / "hosts").read_text().split()
with ThreadPoolExecutor(len(hosts)) as pool:
    list(pool.map(deploy, hosts))
""".replace("{directory!r}", "'{directory}'").replace("{config!r}", "'{config}'")
PYINFRA = """
from pathlib import Path
from pyinfra import host
from pyinfra.operations import server
server.shell(name="deploy", commands=[(Path('{directory}') / host.name).read_text()])
"""
PLAYBOOK = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.raw: "{{{{ lookup('ansible.builtin.file', '{directory}/' ~ inventory_hostname) }}}}"
"""


def tools(count, directory):
    """Each tool's command, with the name of the bare one that it is measured by."""
    nodes = [name.rsplit("-", 1)[1] for name in names[:count]]
    deploy = [ktrdr, "deploy", "group", "workers", *nodes, "--tag", tag]

    def bare(parallel):
        return ["sh", "-c", f"xargs -P {parallel} -I{{}} sh -c 'exec ssh {{}} \"$(cat {directory}/{{}})\"' <{directory}/hosts"]

    some = f", {default_parallel} at once"
    fewer = {f"bare ssh{some}": bare(default_parallel), f"ktrdr{some}": deploy} if count > default_parallel else {}
    every = {
        "bare ssh": bare(count),
        "ktrdr": [*deploy, "--max-parallel", str(count)],
        "fabric": [peers / "python", directory / "fabric_deploy.py"],
        "pyinfra": [peers / "pyinfra", "-y", "--parallel", str(count), directory / "inventory.py",
                    directory / "pyinfra_deploy.py"],
        "ansible": [peers / "ansible-playbook", "-f", str(count), "-i", directory / "hosts", directory / "playbook.yml"],
    }
    return {
        **{name: (words, "bare ssh") for name, words in every.items()},
        **{name: (words, f"bare ssh{some}") for name, words in fewer.items()},
    }


def installed(tool):
    programs = {"fabric": "fab", "pyinfra": "pyinfra", "ansible": "ansible-playbook"}
    return tool not in programs or (peers / programs[tool]).exists()


def run(words):
    """Wall seconds and CPU seconds of the command with all its children."""
    with open(lab / "bench" / "last.log", "wb") as log:
        begun = time.monotonic()
        child = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{words[0]} failed with {child.returncode}:\n" + (lab / "bench" / "last.log").read_text()[-2000:])
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime


def memory(words):
    """The peak of the memory that the command and its children have for themselves, in MiB; looked at every 10 ms."""
    peak, child = 0, subprocess.Popen(
        [str(word) for word in words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while child.poll() is None:
        peak = max(peak, sum(proportional(pid) for pid in with_own_memory(tree(child.pid))))
        time.sleep(0.01)
    return peak / 1024


def tree(pid):
    found, waiting = [], [pid]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        try:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                waiting += [int(child) for child in children.read_text().split()]
        except OSError:
            pass
    return found


def with_own_memory(pids):
    """Without a child that has not begun its own program yet: it lives in its parent's memory, which counts once."""
    found = []
    for pid in pids:
        if not any(share_memory(pid, other) for other in found):
            found.append(pid)
    return found


def share_memory(one, other):
    kcmp = {"x86_64": 312, "aarch64": 272}[platform.machine()]
    return ctypes.CDLL(None).syscall(kcmp, one, other, 1, 0, 0) == 0  # 1: KCMP_VM


def proportional(pid):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def main():
    print(f"# {runs} runs each, medians; nothing to change on the hosts; CPU is the client's with all its children")
    print(f"{'hosts':>5}  {'tool':<20} {'wall s':>7} {'ratio':>6}  {'CPU s':>7} {'more a host':>12}"
          f"  {'memory MiB':>10} {'more':>7}")
    for count in sizes:
        directory = write_inputs(count)
        chosen = {name: tool for name, tool in tools(count, directory).items() if installed(name)}
        for words, _ in chosen.values():
            run(words)
        times = {name: [] for name in chosen}
        for _ in range(runs):
            for name, (words, _) in chosen.items():
                times[name].append(run(words))
        peak = {name: statistics.median(memory(words) for _ in range(3)) for name, (words, _) in chosen.items()}
        middle = {name: [statistics.median(column) for column in zip(*measured)] for name, measured in times.items()}
        for name, (wall, cpu) in middle.items():
            bare = chosen[name][1]
            more = (cpu - middle[bare][1]) * 1000 / count
            print(f"{count:5}  {name:<20} {wall:7.2f} {wall / middle[bare][0]:6.2f}  {cpu:7.2f} {more:9.1f} ms"
                  f"  {peak[name]:10.1f} {peak[name] - peak[bare]:7.1f}", flush=True)


main()
