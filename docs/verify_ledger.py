#!/usr/bin/env python3
"""Verifies a ktrdr ledger without ktrdr, using only ledger-format.md, ledger-schema.sql and Python's standard library.

usage: verify_ledger.py LEDGER [--anchor LINE]...    exit 0: proven, 3: an anchor does not agree, 65: damaged,
                                                     1: not verified, because its format is too new
       verify_ledger.py --vectors FILE               exit 0: every test vector matches
"""
import hashlib
import json
import os
import re
import sqlite3
import sys
from pathlib import Path
from urllib.parse import quote

from ledger_events import COLUMNS, OUTPUT, TYPES, UUID, Text
from ledger_events import content_problems, encode, event_hash, is_text, items, shown

FORMAT = 1
ANCHOR = re.compile(
    r"ktrdr-anchor/1 ([0-9a-f-]{36}) (0*[1-9][0-9]{0,17}) ([0-9a-f]{64}) \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII
)


class TooNew(Exception):
    pass


def connect(path):
    database = sqlite3.connect(f"file:{quote(str(Path(path).resolve()))}?mode=ro", uri=True)
    database.text_factory = Text
    return database


def header_problem(path):
    """What the first 100 bytes say, read before SQLite opens the file: it would create files beside one in WAL mode."""
    with open(path, "rb") as file:
        start = file.read(100)
    if len(start) < 100 or start[:16] != b"SQLite format 3\0":
        return "not an SQLite database"
    if start[68:72] != b"ktrd":
        return "not a ktrdr ledger: another application_id"
    if start[18:20] != b"\1\1":
        return "switched to journal mode WAL"
    return None if start[56:60] == b"\0\0\0\1" else "its texts are not stored as UTF-8"


def missing_bytes(database, path):
    """How many bytes the end of the file lacks: SQLite reads zeros from a last page that is only partly there."""
    pages, size = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return max(0, pages * size - os.stat(path).st_size)


def schema_problems(database):
    """Compares every row of the schema with the published one, whatever its name."""
    text = Path(__file__).with_name("ledger-schema.sql").read_text()
    expected = set()
    for sql in (part.strip().removesuffix(";") for part in text.split("\n\n")):
        if match := re.match(r"CREATE (?:UNIQUE )?(TABLE|INDEX|VIEW|TRIGGER) (\w+)", sql):
            kind, name = match[1].lower(), match[2]
            table = name if kind in ("table", "view") else re.search(r"\sON (\w+)", sql)[1]
            expected.add(tuple(word.encode() for word in (kind, name, table, sql)))
    found = []
    for row in database.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"):
        found.append(tuple(value.raw if isinstance(value, Text) else repr(value) for value in row))
    problems = [f"not in the schema: {shown(entry[1])}" for entry in expected - set(found)]
    problems += [f"not expected in the schema: {entry[1]}" for entry in set(found) - expected]
    return problems + ["an object is in the schema twice"] * (len(found) != len(set(found)))


class Walk:
    """What the events so far say."""

    def __init__(self, database, version):
        self.database, self.version, self.format = database, version, None
        self.flying, self.newest, self.uuids = {}, 0, set()
        self.steps, self.purged, self.covered = {}, set(), set()

    def problems(self, seq, kind, event):
        """What is wrong with an event, given those before it."""
        deployment, subject = event["deployment"], event["subject"]
        if kind == "genesis":
            self.format = event["format"]
            return ["format is not valid"] if self.format != 1 else []
        if kind == "migrated":
            return ["there is no migration to a format that this program knows"]
        if kind == "started":
            return self.started(deployment, event)
        if kind in ("step", "image", "finished"):
            if deployment not in self.flying:
                return [f"deployment {deployment} is not in flight"]
            if kind == "image" and event["target"].raw != self.flying[deployment]:
                return ["its target is not that of its deployment"]
            if kind == "finished":
                del self.flying[deployment]
            if kind == "step" and event["output_digest"] is not None:
                self.steps[seq] = deployment
                return self.output(seq, event["output_digest"])
        if kind == "purged":
            if self.steps.get(subject) != deployment or subject in self.purged:
                return ["subject is not a step with output"]
            self.purged.add(subject)
        if kind == "anchored":
            if deployment is not None and not 1 <= deployment <= self.newest:
                return ["deployment is not valid"]
            found = self.database.execute("SELECT hash FROM event WHERE seq = ?", (subject,)).fetchone()
            if not 1 <= subject < seq or found != (event["anchor_hash"],):
                return ["subject is not an event with this hash"]
        return []

    def started(self, deployment, event):
        problems, uuid, undoes = [], event["uuid"].raw, event["undoes"]
        if deployment != self.newest + 1:
            problems.append("deployment numbers have a gap")
        self.newest = max(self.newest, deployment)
        self.flying[deployment] = event["target"].raw
        if uuid in self.uuids or uuid[14:15] == b"7" and int(uuid[:8] + uuid[9:13], 16) != event["at"]:
            problems.append("uuid is repeated or of another time")
        self.uuids.add(uuid)
        if undoes is not None and not 1 <= undoes < deployment:
            problems.append("undoes is not valid")
        self.covered |= {(service, deployment) for service in items(event["services"].raw)}
        return problems

    def output(self, seq, digest):
        row = self.database.execute("SELECT salt, text FROM output WHERE seq = ?", (seq,)).fetchone()
        if row is None:
            return []  # purged later, or `end` says that it is missing
        salt, text = row
        if not isinstance(salt, bytes) or len(salt) != 16 or not is_text(text):
            return ["the output's salt or text is not valid"]
        matches = hashlib.sha256(OUTPUT + salt + text.raw).digest() == digest
        return [] if matches else ["the output does not match its digest"]

    def end(self):
        """What is wrong with the tables beside the events."""
        stored = {row[0] for row in self.database.execute("SELECT seq FROM output")}
        problems = [(seq, "output is missing and was not purged") for seq in self.steps.keys() - self.purged - stored]
        problems += [(seq, "purged output is still there") for seq in self.purged & stored]
        if stored - self.steps.keys():
            problems.append((None, "there is output without a step"))
        if {row[0] for row in self.database.execute("SELECT deployment FROM in_flight")} != self.flying.keys():
            problems.append((None, "the in-flight table disagrees with the events"))
        rows = self.database.execute("SELECT service, deployment FROM coverage").fetchall()
        rows = [(getattr(service, "raw", None), deployment) for service, deployment in rows]
        if set(rows) != self.covered or len(rows) != len(self.covered):
            problems.append((None, "the coverage table disagrees with the events"))
        if self.format != self.version:
            problems.append((None, f"user_version is {self.version}, but the events' format is {self.format}"))
        return problems


def verify(database):
    """The head, the number of events, and every problem as (seq, what)."""
    path = database.execute("PRAGMA database_list").fetchone()[2].raw
    if problem := header_problem(path):
        return None, 0, [(None, problem)]
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version > FORMAT:
        raise TooNew(f"its format is {version}, and this program knows formats up to {FORMAT}")
    problems = []
    if lacking := missing_bytes(database, path):
        problems.append((None, f"the last {lacking} bytes of the file are missing"))
    found = [row[0].raw for row in database.execute("PRAGMA integrity_check")]
    problems += [(None, f"integrity_check: {shown(line)}") for line in found if line != b"ok"]
    if problems:
        return None, 0, problems  # the events cannot be trusted
    problems += [(None, what) for what in schema_problems(database)]
    genesis = database.execute("SELECT uuid FROM event WHERE seq = 1 AND type = 'genesis'").fetchone()
    if genesis is None or not isinstance(genesis[0], Text) or not UUID.fullmatch(genesis[0].raw):
        return None, 0, problems + [(1, "no genesis with a valid id")]
    ledger, previous, expected, events, walk = genesis[0].raw, bytes(32), 1, 0, Walk(database, version)
    for row in database.execute(f"SELECT {', '.join(COLUMNS)}, hash FROM event ORDER BY seq"):
        event, stored = dict(zip(COLUMNS, row)), row[-1]
        seq, kind = event["seq"], shown(event["type"].raw) if isinstance(event["type"], Text) else None
        if seq != expected:
            problems.append((seq, f"event {expected} was expected here"))
        body = encode(row[:-1])
        if body is None or not isinstance(stored, bytes) or event_hash(ledger, previous, body) != stored:
            problems.append((seq, "the hash does not match"))
        if kind not in TYPES or (kind == "genesis") != (seq == 1):
            problems.append((seq, f"unexpected type {kind}"))
        else:
            wrong = content_problems(kind, event)
            # An event that is wrong by itself says nothing about others.
            problems += [(seq, what) for what in wrong or walk.problems(seq, kind, event)]
        previous = stored
        expected, events = seq + 1, events + 1
    return (ledger.decode(), expected - 1, previous), events, problems + walk.end()


def check_anchor(database, ledger, line):
    """None if the anchor agrees, otherwise why it does not."""
    match = ANCHOR.fullmatch(line.strip())
    if not match:
        return "not an anchor"
    if match[1] != ledger:
        return "it belongs to another ledger"
    row = database.execute("SELECT hash FROM event WHERE seq = ?", (int(match[2]),)).fetchone()
    if row is None:
        return "later than the ledger's last event: it was rolled back, or its end was removed"
    return None if row[0].hex() == match[3] else "the ledger has a different event there: it was forked or rewritten"


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
    except TooNew as reason:
        print(f"not verified: {reason}")
        return 1
    except sqlite3.DatabaseError as error:
        print(f"damaged: {error}")
        return 65
    for seq, what in problems:
        print(f"{'-' if seq is None else seq}: {what}")
    if problems:
        print(f"damaged: {len(problems)} problems in {events} events")
        return 65
    reasons = [check_anchor(database, head[0], line) for line in arguments[2::2]]
    for reason in filter(None, reasons):
        print(f"anchor: {reason}")
    print(f"proven: {events} events, ledger {head[0]}, head {head[1]} {head[2].hex()}")
    return 3 if any(reasons) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
