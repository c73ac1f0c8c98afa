#!/usr/bin/env python3
"""Finds messages of ktrdr that the guide does not explain.

usage: messages.py GUIDE SOURCES

Every text in the Swift sources with three words or more is taken for something that an operator may read. It has to
stand in the guide's troubleshooting, with any words where the source has an interpolation. What no operator is told as
an error is named below, with the reason: so a new message without an entry is found.
"""
import pathlib, re, sys

CHAPTER = "## Troubleshooting"
WORDS = 3
# Any number of characters may stand where the source has an interpolation.
GAP = "\0"

# Paths (from the sources) whose texts are no errors.
NO_ERRORS = {
    "Deployer/Host/Shell/ScriptLibrary.swift": "shell text for the host; what it finds is told by HostCheck",
    "Deployer/Host/Shell/RemoteScript.swift": "shell text for the host",
    "Deployer/Planning/Plan.swift": "the plan that a dry run prints",
    "Deployer/Secrets/RegistryLogin.swift": "Docker's login file",
    "Deployer/Compose/UnsetVariables.swift": "Compose's words, which it looks for",
    "Deployer/Inventory/BuiltInInventory.swift": "the inventory that comes with ktrdr",
    "Ledger/Format/Schema.swift": "SQL",
    "Ledger/Format/Triggers.swift": "SQL; what a trigger says comes inside 'it refused an event'",
    "Ledger/History/HistoryQuery.swift": "SQL",
    "ktrdr/Output/DiffText.swift": "results",
    "ktrdr/Output/ShowText.swift": "results",
    "ktrdr/Output/ProgressPrinter.swift": "what a deployment tells while all is well",
}

# What stands around a text that is no error: (before it, after it, why).
NO_ERROR_PLACES = [
    (r"(abstract:|discussion:|help:|ArgumentHelp\(|valueName:)\s*$", r"", "a command's help"),
    (r"\bsays\([^()]*$", r"", "a program's words, which are looked for"),
    (r"\bcontains\($", r"", "a program's words, which are looked for"),
    (r"\($", r", \.\w+\)", "a program's words beside the case that they mean"),
    (r"console\.(print|note)\($", r"", "a result, or told while all is well"),
]

# What a text is that is no error wherever it stands.
NO_ERROR_TEXTS = [
    (r"(SELECT|INSERT|DELETE|UPDATE|PRAGMA|BEGIN|COMMIT|CREATE|WITH|LEFT JOIN)\s", "SQL"),
    (r"exec /bin/sh -s$", "what ssh runs"),
    (r"u\{1B\}\[", "a terminal's colours"),
]


class Text:
    """A string literal: where it is, and what it says, with GAP for each interpolation."""

    def __init__(self, line, words, before, after):
        self.line, self.words, self.before, self.after = line, words, before, after

    def pattern(self):
        """Matches the text in the guide, where white space may be any and `next:` is a column's head."""
        parts = [r"\s+".join(re.escape(word) for word in re.split(r"\s+", part.strip()) if word)
                 for part in re.sub(r"^\s*next: ", "", self.words).split(GAP)]
        return re.compile(r"[^\n]{0,160}?".join(parts))

    def count(self):
        return sum(any(map(str.isalpha, word)) for word in self.words.replace(GAP, " ").split())


def literals(source):
    """Every string literal of a Swift source, those inside interpolations too."""
    found, at = [], 0
    while at < len(source):
        if source.startswith("//", at):
            at = source.find("\n", at) if "\n" in source[at:] else len(source)
        elif source.startswith("/*", at):
            at = source.index("*/", at) + 2
        elif source[at] in '"#' and (opening := re.match(r'(#*)("""|")', source[at:])):
            at = read(source, at, opening, found)
        else:
            at += 1
    return found


def read(source, at, opening, found):
    """Reads the literal at `at`, adds it and those inside it; returns where it ends."""
    hashes, quotes = opening.groups()
    close, escape = quotes + hashes, "\\" + hashes
    begin, words, at = at, [], at + len(opening.group())
    while not source.startswith(close, at):
        if source.startswith(escape + "(", at):
            words.append(GAP)
            at = skip(source, at + len(escape) + 1, found)
        elif source.startswith(escape, at):
            after = source[at + len(escape)]
            words.append({"n": "\n", "t": "\t", '"': '"', "\\": "\\", "\n": ""}.get(after, after))
            at += len(escape) + 1
        else:
            words.append(source[at])
            at += 1
    end = at + len(close)
    found.append(Text(source.count("\n", 0, begin) + 1, "".join(words), source[:begin][-80:], source[end : end + 40]))
    return end


def skip(source, at, found):
    """Goes to the end of an interpolation."""
    depth = 1
    while depth:
        if source[at] == '"':
            at = read(source, at, re.match(r'()("""|")', source[at:]), found)
            continue
        depth += {"(": 1, ")": -1}.get(source[at], 0)
        at += 1
    return at


def is_error(path, text):
    if path in NO_ERRORS or text.count() < WORDS:
        return False
    if any(re.search(before, text.before) and re.match(after, text.after) for before, after, _ in NO_ERROR_PLACES):
        return False
    return not any(re.match(pattern, text.words.strip()) for pattern, _ in NO_ERROR_TEXTS)


def chapter(guide):
    """The troubleshooting alone, without what Markdown adds."""
    if CHAPTER not in guide:
        sys.exit(f"messages: the guide has no chapter '{CHAPTER}'")
    return guide[guide.index(CHAPTER):].replace("\\|", "|")


def unexplained(guide, sources):
    """(path, line, text) of each message that the guide's troubleshooting does not have."""
    text = chapter(guide)
    gone = [name for name in NO_ERRORS if not (pathlib.Path(sources) / name).exists()]
    if gone:
        sys.exit(f"messages: no such sources any more: {', '.join(gone)}")
    for path in sorted(pathlib.Path(sources).rglob("*.swift")):
        name = str(path.relative_to(sources))
        for literal in literals(path.read_text(encoding="utf-8")):
            if is_error(name, literal) and not literal.pattern().search(text):
                yield name, literal.line, literal.words.replace(GAP, "…")


def main(guide, sources):
    missing = list(unexplained(pathlib.Path(guide).read_text(encoding="utf-8"), sources))
    for path, line, words in missing:
        print(f"{path}:{line}: not in the guide's troubleshooting: {' '.join(words.split())}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
