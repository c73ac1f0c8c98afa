"""An attacker who can write the file and knows the document: runs SQL, then recomputes the whole chain. Renumbers nothing.

usage: rewrite.py LEDGER SQL
Triggers are dropped and created again with their own text, so nothing of it shows in the file.
"""
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs"))
import verify_ledger as format  # noqa: E402

database = sqlite3.connect(sys.argv[1], isolation_level=None)
triggers = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
database.execute("BEGIN IMMEDIATE")
for name, _ in triggers:
    database.execute(f"DROP TRIGGER {name}")
for statement in sys.argv[2].split(";"):
    database.execute(statement)
ledger = database.execute("SELECT uuid FROM event WHERE seq = 1").fetchone()[0].encode()
database.text_factory = format.Text
previous = bytes(32)
for row in database.execute(f"SELECT {', '.join(format.COLUMNS)} FROM event ORDER BY seq").fetchall():
    previous = format.event_hash(ledger, previous, format.encode(row))
    database.execute("UPDATE event SET hash = ? WHERE seq = ?", (previous, row[0]))
for _, sql in triggers:
    database.execute(sql)
database.execute("COMMIT")
