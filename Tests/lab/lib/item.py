"""Writes the lab's 1Password item, and changes a field of it.

usage: item.py new NAME VAULT TOKEN_FILE > ITEM     item.py set ITEM LABEL < VALUE > NEW_ITEM
"""
import json, sys

# Every value is one that breaks careless quoting somewhere between here and the container.
PASSWORD = """-p'a"s$HOME`id`\\w%41o rd;&|ü#"""
JWT = "-----BEGIN KEY-----\nline one 'single' \"double\"\n\t$(id) ${PATH} \\n %s\n\nlast line ✓ \\\n-----END KEY-----"


def new(name, vault, token_file):
    with open(token_file, encoding="utf-8") as file:
        token = file.read()
    values = [
        ("username", "STRING", "USERNAME", "db_username", "ktrdr"),
        ("password", "CONCEALED", "PASSWORD", "db_password", PASSWORD),
        ("notesPlain", "STRING", "NOTES", "notesPlain", None),
        ("f4wyjbk2jwtsecret", "CONCEALED", None, "jwt_secret", JWT),
        ("f4wyjbk2grafana", "CONCEALED", None, "grafana_password", "gr4fana $$ {pass}"),
        ("f4wyjbk2ghcrtoken", "CONCEALED", None, "ghcr_token", token),
    ]
    fields = []
    for identifier, kind, purpose, label, value in values:
        field = {"id": identifier, "type": kind, "label": label, "reference": f"op://{vault}/{name}/{label}"}
        if purpose:
            field["purpose"] = purpose
        if value is not None:
            field["value"] = value
        fields.append(field)
    return {
        "id": "k7xq3lab5item2core4homelab",
        "title": name,
        "version": 1,
        "vault": {"id": "v2lab4vault6homelab8ktrdr0", "name": vault},
        "category": "LOGIN",
        "last_edited_by": "LABLABLABLABLABLABLABLABLA",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "fields": fields,
    }


def set_field(path, label):
    """An empty value leaves the field without one, as 1Password does; an unknown label becomes a new field."""
    with open(path, encoding="utf-8") as file:
        item = json.load(file)
    value = sys.stdin.buffer.read().decode()
    found = [field for field in item["fields"] if field.get("label") == label]
    if not found:
        reference = f"op://{item['vault']['name']}/{item['title']}/{label}"
        found = [{"id": f"lab{len(item['fields'])}", "type": "CONCEALED", "label": label, "reference": reference}]
        item["fields"] += found
    for field in found:
        field.pop("value", None)
        if value:
            field["value"] = value
    item["version"] += 1
    return item


action = new if sys.argv[1] == "new" else set_field
json.dump(action(*sys.argv[2:]), sys.stdout, ensure_ascii=False, indent=2)
print()
