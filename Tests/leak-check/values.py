"""The secrets of this run, each with a random core of its own, and the forms in which one could turn up.

The forms are written here a second time, apart from ktrdr's own list: what that one has forgotten is to be found, too.
"""
import base64
import html as markup
import json
import re
import secrets
import shlex
import urllib.parse


def core():
    return "c4nary" + secrets.token_hex(8)


def nasty():
    """Field of the item -> value. Every core is letters and digits only, so that it survives most ways of quoting."""
    key = "\n".join(["-----BEGIN KEY-----", f"  {core()}/+=", "", "'short'", f"\t{core()} \\", "-----END KEY-----"])
    return {
        "db_password": f"""it's "{core()}" $HOME ${{PATH}} $(id) `id` #!;&|<>*?""",
        "jwt_secret": key,
        "grafana_password": f"{core()} $$ 100% %s %d %41 back\\slash\\n \\",
        "extra_dash": f"-rf --{core()}",
        "extra_unicode": f"ünïcödé → {core()} 漢字🔑",
        "extra_space": f"  {core()}  with  space  ",
    }


def base64_forms(data):
    """What of the base64 is certain whatever stands around the value."""
    forms = set()
    for lead in range(3):
        text = base64.b64encode(b"\0" * lead + data)
        certain = text[(lead * 8 + 5) // 6:(lead + len(data)) * 8 // 6]
        forms |= {certain, certain.replace(b"+", b"-").replace(b"/", b"_")}
    return forms


def go_quoted(text):
    named = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return "".join(named.get(c, c) for c in text)


def others(text):
    """Forms that ktrdr reads instead of listing them, and their like in each other."""
    escaped = json.dumps(text)[1:-1]
    upper = re.sub(r"\\u[0-9a-f]{4}", lambda found: "\\u" + found[0][2:].upper(), escaped)
    gson = "".join(f"\\u{ord(c):04x}" if c in "<>&='" else json.dumps(c, ensure_ascii=False)[1:-1] for c in text)
    jackson = "".join(f"\\u{ord(c):04X}" if c in "+<>&'\"" else json.dumps(c, ensure_ascii=False)[1:-1] for c in text)
    yield from (upper, gson, jackson, json.dumps(escaped)[1:-1], json.dumps(go_quoted(text))[1:-1])
    yield from (text.replace("'", "''"), text.replace('"', '""'), markup.escape(text), json.dumps(markup.escape(text))[1:-1])
    yield from (urllib.parse.quote(text, safe="/"), urllib.parse.quote(urllib.parse.quote(text, safe=""), safe=""))
    yield from (text.upper(), text.lower(), text.replace("\\", "/"), text.encode().decode("latin-1"))


def forms(value, login=None):
    """Every form of a value, as bytes of at least eight."""
    texts = {value, value.strip(), value.replace("\n", "\r\n"), *value.split("\n"), *(l.strip() for l in value.split("\n"))}
    words = re.findall(r"c4nary[0-9a-f]{16}", value)
    found = set()
    for text in texts | set(words) | {text.replace("$", "$$") for text in texts}:
        plain, escaped = json.dumps(text, ensure_ascii=False)[1:-1], json.dumps(text)[1:-1]
        html = plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        percent = urllib.parse.quote(text, safe="")
        lower = "".join("%" + p[:2].lower() + p[2:] if i else p for i, p in enumerate(percent.split("%")))
        found |= {text, plain, escaped, html, plain.replace("/", "\\/"), go_quoted(text), text.replace("'", "'\\''")}
        found |= {shlex.quote(text), text.replace("'", "'\"'\"'"), percent, lower, percent.replace("%20", "+")}
        found |= {urllib.parse.quote(text, safe="!'()*"), text.encode().hex()}
        found |= set(others(text))
    found = {text.encode() for text in found}
    found |= {text.encode("latin-1") for text in texts if all(ord(c) < 256 for c in text)}
    for text in texts | set(words):
        found |= base64_forms(text.encode())
    if login:
        found |= base64_forms(f"{login}:{value}".encode()) | {base64.b64encode(f"{login}:{value}".encode())}
    return {form for form in found if len(form) >= 8 and certain(form)}


def certain(form):
    """Lines such as BEGIN KEY are in every key; a form that has nothing random in it proves nothing."""
    return not (form.strip(b"- ").isascii() and b"KEY" in form and b"c4nary" not in form and len(form) < 40)


class Search:
    """Looks for every form of every value; counts where it looked."""

    def __init__(self):
        self.forms = {}
        self.looked = {}
        self.finds = []

    def add(self, name, value, login=None):
        for form in forms(value, login):
            self.forms.setdefault(form, name)

    def look(self, kind, where, data):
        self.looked[kind] = self.looked.get(kind, 0) + 1
        names = {name for form, name in self.forms.items() if form in data}
        self.finds += [(name, kind, where) for name in sorted(names)]
        return names
