#!/usr/bin/env python3
"""Verifies a ktrdr ledger without ktrdr, using only ledger-format.md, ledger-schema.sql and Python's standard library.

usage: verify_ledger.py LEDGER [--anchor LINE]...    exit 0: proven, 3: an anchor does not agree, 65: damaged
       verify_ledger.py --vectors FILE               exit 0: every test vector matches
"""
import hashlib
import json
import os
import sqlite3
import struct
import sys
from pathlib import Path
from urllib.parse import quote

EVENT = b"ktrdr-ledger/event/v1\0"
OUTPUT = b"ktrdr-ledger/output/v1\0"
COLUMNS = (
    "seq type at deployment uuid batch kind target host directory services profiles tag git_sha git_dirty operator "
    "client undoes secret_versions registry name started_at duration_ms exit_status outcome output_digest service "
    "before_reference before_id before_digest after_reference after_id after_digest reason compose_digest subject "
    "anchor_hash format"
).split()
# What a column causes whose value is not of the type that every ledger has there.
BAD_VALUES = (AttributeError, TypeError, ValueError, OverflowError)
TYPES = {"genesis", "started", "step", "image", "finished", "purged", "anchored", "migrated"}


def encode(values):
    """The canonical encoding of column values in the order of COLUMNS; text is an instance of Text."""
    body = b""
    for number, value in enumerate(values, 1):
        if value is None:
            continue
        if isinstance(value, int):
            kind, raw = 1, struct.pack(">q", value)
        elif isinstance(value, Text):
            kind, raw = 2, value.raw
        else:
            kind, raw = 3, bytes(value)
        body += bytes([number, kind]) + struct.pack(">I", len(raw)) + raw
    return body


def event_hash(ledger, previous, body):
    return hashlib.sha256(EVENT + ledger + previous + body).digest()


class Text:
    """A text as its stored bytes: what is hashed is never decoded."""

    def __init__(self, raw):
        self.raw = raw


def connect(path):
    database = sqlite3.connect(f"file:{quote(str(Path(path).resolve()))}?mode=ro", uri=True)
    database.text_factory = Text
    return database


def word(value):
    return value.raw.decode("utf-8", "replace") if isinstance(value, Text) else value


def missing_bytes(database):
    """How many bytes the end of the file lacks: SQLite reads zeros from a last page that is only partly there."""
    pages, size = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    path = database.execute("PRAGMA database_list").fetchone()[2].raw
    return max(0, pages * size - os.stat(path).st_size)


def schema_problems(database):
    """Compares the stored schema with the published one: someone may have dropped a trigger or redefined an index."""
    text = Path(__file__).with_name("ledger-schema.sql").read_text()
    expected = {part.strip().removesuffix(";") for part in text.split("\n\n") if part.startswith("CREATE ")}
    stored = database.execute("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    found = {word(sql): word(name) for name, sql in stored}
    missing = [(None, f"not in the schema: {sql.splitlines()[0]}") for sql in expected - found.keys()]
    return missing + [(None, f"not expected in the schema: {found[sql]}") for sql in found.keys() - expected]


def verify(database):
    """The head, the number of events, and every problem as (seq, what)."""
    problems = []
    application = database.execute("PRAGMA application_id").fetchone()[0]
    if application != 0x6B747264:
        problems.append((None, "not a ktrdr ledger"))
    lacking = missing_bytes(database)
    if lacking:
        problems.append((None, f"the last {lacking} bytes of the file are missing"))
    for row in database.execute("PRAGMA integrity_check"):
        if word(row[0]) != "ok":
            problems.append((None, f"integrity_check: {word(row[0])}"))
    if problems:
        return None, 0, problems  # the events cannot be trusted
    problems += schema_problems(database)
    genesis = database.execute("SELECT uuid FROM event WHERE seq = 1 AND type = 'genesis'").fetchone()
    if genesis is None:
        return None, 0, problems + [(1, "no genesis")]
    ledger = genesis[0].raw
    previous, expected, events = bytes(32), 1, 0
    flying, newest, missing, purged = set(), 0, set(), set()
    covered, digests = set(), 0
    texts = "SELECT salt, text FROM output WHERE seq = ?"
    for row in database.execute(f"SELECT {', '.join(COLUMNS)}, hash FROM event ORDER BY seq"):
        event, stored = dict(zip(COLUMNS, row)), bytes(row[-1])
        seq, kind, deployment = event["seq"], word(event["type"]), event["deployment"]
        if seq != expected:
            problems.append((expected, "missing"))
        if event_hash(ledger, previous, encode(row[:-1])) != stored:
            problems.append((seq, "the hash does not match"))
        if kind not in TYPES or (kind == "genesis") != (seq == 1):
            problems.append((seq, f"unexpected type {kind}"))
        if kind == "started":
            if deployment != newest + 1:
                problems.append((seq, "deployment numbers have a gap"))
            newest = deployment
            flying.add(deployment)
            covered |= {(service, deployment) for service in word(event["services"]).split(",") if service}
        elif kind in ("step", "image", "finished") and deployment not in flying:
            problems.append((seq, f"deployment {deployment} is not in flight"))
        if kind == "finished":
            flying.discard(deployment)
        if kind == "step" and event["output_digest"] is not None:
            digests += 1
            found = database.execute(texts, (seq,)).fetchone()
            if found is None:
                missing.add(seq)
            elif hashlib.sha256(OUTPUT + bytes(found[0]) + found[1].raw).digest() != event["output_digest"]:
                problems.append((seq, "the output does not match its digest"))
        if kind == "purged":
            purged.add(event["subject"])
            if database.execute(texts, (event["subject"],)).fetchone():
                problems.append((seq, "purged output is still there"))
        previous, expected, events = stored, seq + 1, events + 1
    problems += [(seq, "output is missing and was not purged") for seq in missing if seq not in purged]
    if database.execute("SELECT count(*) FROM output").fetchone()[0] != digests - len(missing):
        problems.append((None, "there is output without a step"))
    if {row[0] for row in database.execute("SELECT deployment FROM in_flight")} != flying:
        problems.append((None, "the in-flight table disagrees with the events"))
    if {(word(row[0]), row[1]) for row in database.execute("SELECT service, deployment FROM coverage")} != covered:
        problems.append((None, "the coverage table disagrees with the events"))
    return (ledger.decode(), expected - 1, previous.hex()), events, problems


def check_anchor(database, ledger, line):
    """None if the anchor agrees, otherwise why it does not."""
    words = line.split()
    if len(words) != 5 or words[0] != "ktrdr-anchor/1":
        return "not an anchor"
    if words[1] != ledger:
        return "it belongs to another ledger"
    row = database.execute("SELECT hash FROM event WHERE seq = ?", (int(words[2]),)).fetchone()
    if row is None:
        return "later than the ledger's last event: it was rolled back, or its end was removed"
    return None if bytes(row[0]).hex() == words[3] else "the ledger has a different event there: it was forked or rewritten"


def check_vectors(path):
    vectors = json.loads(Path(path).read_text())
    bad = 0
    for vector in vectors["events"]:
        values = [None] * len(COLUMNS)
        for name, value in vector["columns"].items():
            if isinstance(value, dict):
                value = bytes.fromhex(value["blob"])
            elif isinstance(value, str):
                value = Text(value.encode())
            values[COLUMNS.index(name)] = value
        body = encode(values)
        found = event_hash(vector["ledger"].encode(), bytes.fromhex(vector["previous"]), body).hex()
        bad += body.hex() != vector["body"] or found != vector["hash"]
    for vector in vectors["outputs"]:
        raw = OUTPUT + bytes.fromhex(vector["salt"]) + vector["text"].encode()
        bad += hashlib.sha256(raw).hexdigest() != vector["digest"]
    print(f"{len(vectors['events']) + len(vectors['outputs'])} vectors, {bad} wrong")
    return 1 if bad else 0


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--vectors":
        return check_vectors(arguments[1])
    if not arguments or len(arguments) % 2 == 0 or any(word != "--anchor" for word in arguments[1::2]):
        print(__doc__, file=sys.stderr)
        return 64
    try:
        database = connect(arguments[0])
        head, events, problems = verify(database)
    except (sqlite3.DatabaseError, *BAD_VALUES) as error:
        print(f"damaged: {error}")
        return 65
    for seq, what in problems:
        print(f"{seq or '-'}: {what}")
    if problems:
        print(f"damaged: {len(problems)} problems in {events} events")
        return 65
    reasons = [check_anchor(database, head[0], line) for line in arguments[2::2]]
    for reason in filter(None, reasons):
        print(f"anchor: {reason}")
    print(f"proven: {events} events, ledger {head[0]}, head {head[1]} {head[2]}")
    return 3 if any(reasons) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
