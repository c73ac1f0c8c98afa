"""An attacker who can write the file and knows the document: runs SQL, then recomputes the whole chain. Renumbers nothing.

usage: rewrite.py LEDGER SQL
       rewrite.py --cases FILE    each line a JSON object: "from" (a ledger), "to" (its changed copy), "rows" (SQL that runs
                                  without triggers, types and constraints), "rehash", "schema" (SQL that runs on the schema
                                  as published), "bytes" (offset and value of bytes), "cut" (bytes to remove from the end).
                                  Prints the exit status of verify_ledger.py for each, on a line of its own.
Triggers are dropped and created again with their own text, so nothing of it shows in the file.
"""
import contextlib
import io
import json
import re
import shutil
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs"))
import verify_ledger as format  # noqa: E402


def connect(path):
    database = sqlite3.connect(path, isolation_level=None)
    database.text_factory = format.Text
    # The files are thrown away.
    database.execute("PRAGMA synchronous=OFF")
    database.execute("PRAGMA journal_mode=MEMORY")
    return database


def rehash(database):
    """Recomputes every hash, and with them the hashes in `anchored` events."""
    row = database.execute("SELECT uuid FROM event WHERE seq = 1").fetchone()
    ledger = row[0].raw if row and isinstance(row[0], format.Text) else b"no genesis"
    previous, hashes = bytes(32), {}
    anchor, subject = (format.COLUMNS.index(name) for name in ("anchor_hash", "subject"))
    rows = database.execute(f"SELECT {', '.join(format.COLUMNS)}, hash FROM event WHERE seq >= 1 ORDER BY seq").fetchall()
    for *row, stored in rows:
        before, after = hashes.get(row[subject], (None, None))
        if before is not None and row[anchor] == before:
            row[anchor] = after
            database.execute("UPDATE event SET anchor_hash = ? WHERE seq = ?", (after, row[0]))
        previous = format.event_hash(ledger, previous, format.encode(row) or b"")
        hashes[row[0]] = (stored, previous)
        database.execute("UPDATE event SET hash = ? WHERE seq = ?", (previous, row[0]))


def rewrite(path, script):
    database = connect(path)
    triggers = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    database.execute("BEGIN IMMEDIATE")
    for name, _ in triggers:
        database.execute(f"DROP TRIGGER {name.raw.decode()}")
    for statement in script.split(";"):
        database.execute(statement)
    rehash(database)
    for _, sql in triggers:
        database.execute(sql.raw.decode())
    database.execute("COMMIT")


def set_tables(database, change):
    """Replaces the text of each table's definition, which SQLite believes when the file is opened again."""
    tables = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall()
    version = database.execute("PRAGMA schema_version").fetchone()[0]
    database.execute("PRAGMA writable_schema=ON")
    for name, sql in tables:
        name = name.raw.decode()
        text = change(name, sql.raw.decode())
        database.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (text, name))
    database.execute(f"PRAGMA schema_version={version + 1}")
    database.close()


def loose(sql):
    """The definition without types and constraints, except for the keys."""
    sql = re.sub(r" (TEXT|BLOB)\b| NOT NULL| STRICT,?| CHECK \(.*\)(?=\n)| REFERENCES event", "", sql)
    return re.sub(r" INTEGER(?! PRIMARY)", "", sql)


def attempt(database, statements):
    """Runs what SQLite accepts. The rest changes nothing."""
    for statement in statements:
        with contextlib.suppress(sqlite3.DatabaseError):
            database.execute(statement).fetchall()


def change(case):
    shutil.copyfile(case["from"], case["to"])
    database = connect(case["to"])
    if case["rows"] or case["rehash"]:
        definitions = {
            name.raw.decode(): sql.raw.decode()
            for name, sql in database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
        }
        triggers = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name.raw.decode()}")
        set_tables(database, lambda _, sql: loose(sql))
        database = connect(case["to"])
        attempt(database, case["rows"])
        if case["rehash"]:
            rehash(database)
        for _, sql in triggers:
            database.execute(sql.raw.decode())
        set_tables(database, lambda name, _: definitions[name])
        database = connect(case["to"])
    attempt(database, case["schema"])
    database.close()
    with open(case["to"], "r+b") as file:
        for offset, value in case["bytes"]:
            file.seek(offset)
            file.write(bytes([value]))
        if case["cut"]:
            file.truncate(file.seek(0, io.SEEK_END) - case["cut"])


if sys.argv[1] == "--cases":
    for line in Path(sys.argv[2]).read_text().splitlines():
        case = json.loads(line)
        change(case)
        with contextlib.redirect_stdout(io.StringIO()):
            status = format.main([case["to"]])
        print(status)
else:
    rewrite(sys.argv[1], sys.argv[2])
