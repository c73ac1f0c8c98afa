"""What the fault tests share: the writer, the independent verifier, and how a result is printed."""
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))
import verify_ledger  # noqa: E402

TOOLS = Path(os.environ.get("LEDGER_TOOLS", ROOT / ".build/release"))


def command(ledger, events):
    return [TOOLS / "ledger-writer", "--ledger", str(ledger), "--events", str(events), "--print-seq"]


def write(ledger, events, **options):
    return subprocess.run(command(ledger, events), capture_output=True, text=True, **options)


def acknowledged(text):
    """The seqs on complete lines: a line without its newline was never acknowledged."""
    return [int(line) for line in text.split("\n")[:-1] if line.isdigit()]


def judge(ledger):
    """The number of events and every problem, after SQLite has repaired what a killed writer left."""
    with sqlite3.connect(ledger) as database:  # a writer's connection: a hot journal is rolled back
        database.execute("SELECT count(*) FROM event").fetchone()
    database.close()
    reader = verify_ledger.connect(ledger)
    _, events, problems = verify_ledger.verify(reader)
    reader.close()
    return events, problems


def end(name, failures, said):
    print(f"{name}: {said}, {len(failures)} failures")
    for failure in failures[:10]:
        print("  ", failure)
    sys.exit(1 if failures else 0)
