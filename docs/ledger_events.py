"""What ledger-format.md says about a single event of a ktrdr ledger: its columns, its bytes, its values.

verify_ledger.py uses it.
"""
import hashlib
import re
import struct

EVENT = b"ktrdr-ledger/event/v1\0"
OUTPUT = b"ktrdr-ledger/output/v1\0"
COLUMNS = (
    "seq type at deployment uuid batch kind target host directory services profiles tag git_sha git_dirty operator "
    "client undoes secret_versions registry name started_at duration_ms exit_status outcome output_digest service "
    "before_reference before_id before_digest after_reference after_id after_digest reason compose_digest subject "
    "anchor_hash format"
).split()
INTEGERS = set("seq at deployment git_dirty undoes started_at duration_ms exit_status subject format".split())
BLOBS = {"output_digest", "anchor_hash"}
# What each type has, besides seq, type and at: always, and sometimes.
TYPES = {
    "genesis": ("uuid format", ""),
    "started": (
        "deployment uuid kind target host services profiles operator client secret_versions",
        "batch directory tag git_sha git_dirty undoes registry",
    ),
    "step": ("deployment name started_at duration_ms outcome", "exit_status output_digest"),
    "image": (
        "deployment target service",
        "before_reference before_id before_digest after_reference after_id after_digest",
    ),
    "finished": ("deployment outcome duration_ms", "reason compose_digest"),
    "purged": ("deployment subject reason", ""),
    "anchored": ("target subject anchor_hash", "deployment"),
    "migrated": ("name format", ""),
}
OUTCOMES = {
    "step": {b"succeeded", b"failed", b"cancelled", b"unknown", b"skipped"},
    "finished": {b"succeeded", b"failed", b"cancelled", b"unknown", b"interrupted"},
}
UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SECRET = re.compile(rb".+@[0-9]{1,18}", re.DOTALL)


class Text:
    """A text as its stored bytes: what is hashed and compared is never decoded."""

    def __init__(self, raw):
        self.raw = raw


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
        elif isinstance(value, bytes):
            kind, raw = 3, value
        else:
            return None  # a REAL has no encoding
        body += bytes([number, kind]) + struct.pack(">I", len(raw)) + raw
    return body


def event_hash(ledger, previous, body):
    return hashlib.sha256(EVENT + ledger + previous + body).digest()


def is_text(value):
    if not isinstance(value, Text):
        return False
    try:
        value.raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def shown(raw):
    return raw.decode("utf-8", "replace")


def items(raw):
    """An empty text has no items; every comma separates two."""
    return raw.split(b",") if raw else []


def content_problems(kind, event):
    """What is wrong with one event by itself."""
    always, sometimes = (names.split() for names in TYPES[kind])
    problems = []
    for name, value in event.items():
        if value is None:
            if name in always:
                problems.append(f"{name} is missing")
        elif name not in (*always, *sometimes, "seq", "type", "at"):
            problems.append(f"{name} is nothing that {kind} has")
        elif not (
            (name in INTEGERS and isinstance(value, int))
            or (name in BLOBS and isinstance(value, bytes))
            or (name not in INTEGERS | BLOBS and is_text(value))
        ):
            problems.append(f"{name} is not valid")
    if problems:
        return problems
    raw = {name: value.raw for name, value in event.items() if isinstance(value, Text)}
    wrong = {
        "target": raw.get("target") == b"" and kind != "image",
        "host": raw.get("host") == b"",
        "reason": kind == "purged" and raw["reason"] == b"",
        "kind": kind == "started" and raw["kind"] not in (b"deploy", b"rollback"),
        "git_dirty": event["git_dirty"] not in (None, 0, 1),
        "services": b"" in items(raw.get("services", b"")),
        "profiles": b"" in items(raw.get("profiles", b"")),
        "registry": "registry" in raw and b"" in raw["registry"].split(b","),
        "secret_versions": not all(map(SECRET.fullmatch, items(raw.get("secret_versions", b"")))),
        "outcome": kind in OUTCOMES and raw["outcome"] not in OUTCOMES[kind],
        "exit_status": not -(2**31) <= (event["exit_status"] or 0) < 2**31,
        "output_digest": event["output_digest"] is not None and len(event["output_digest"]) != 32,
        "anchor_hash": event["anchor_hash"] is not None and len(event["anchor_hash"]) != 32,
        "uuid": "uuid" in raw and not UUID.fullmatch(raw["uuid"]),
    }
    for side in ("before", "after"):
        wrong[f"{side}_id"] = (f"{side}_id" in raw) != (f"{side}_reference" in raw)
        wrong[f"{side}_digest"] = f"{side}_digest" in raw and f"{side}_reference" not in raw
    return [f"{name} is not valid" for name, is_wrong in wrong.items() if is_wrong]
