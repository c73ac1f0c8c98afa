"""Turns the lab's facts (NAME='VALUE' a line) into JSON; what belongs to hosts is keyed by their names."""
import json, sys

facts = dict(line.rstrip("\n").split("=", 1) for line in sys.stdin if "=" in line)
facts = {name: value[1:-1] for name, value in facts.items()}
for name in ("hosts", "slots", "commits", "tags_good", "sockets", "addresses"):
    facts[name] = facts[name].split()
for name in ("sockets", "addresses"):
    facts[name] = dict(zip(facts["hosts"], facts[name]))
facts["port"] = int(facts["port"])
json.dump(facts, sys.stdout, indent=2)
print()
