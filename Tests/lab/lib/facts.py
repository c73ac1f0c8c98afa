"""Turns the lab's facts (NAME='VALUE' a line) into JSON; what belongs to hosts is keyed by them.

usage: facts.py IMAGES < FACTS, where IMAGES has lines of "REPO:TAG DIGEST"
"""
import json, sys

BY_HOST = ("names", "addresses", "directories", "engines", "sockets")
LISTS = ("hosts", "second_engine_hosts", "slots", "commits", "tags_good")

facts = dict(line.rstrip("\n").split("=", 1) for line in sys.stdin)
facts = {name: value[1:-1] for name, value in facts.items()}
for name in LISTS + BY_HOST:
    facts[name] = facts[name].split()
for name in BY_HOST:
    facts[name] = dict(zip(facts["hosts"], facts[name]))
facts["port"] = int(facts["port"])
with open(sys.argv[1], encoding="utf-8") as images:
    facts["images"] = dict(line.split() for line in images)
json.dump(facts, sys.stdout, indent=2)
print()
