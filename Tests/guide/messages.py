#!/usr/bin/env python3
"""Finds messages of ktrdr that the guide does not explain.

usage: messages.py GUIDE SOURCES

Assumes that every string literal in the Swift sources with three or more words is a message, and requires it in the
guide's Troubleshooting chapter, with any text in place of an interpolation. The exceptions are listed below, each with a
reason, so that a new message cannot be forgotten.
"""
import pathlib, re, sys

CHAPTER = "## Troubleshooting"
WORDS = 3
# Stands for an interpolation, which matches any text.
GAP = "\0"

# Sources without messages, relative to SOURCES.
EXEMPT_FILES = {
    "Deployer/Host/Connection/SSHCause.swift": "matches ssh's messages",
    "Deployer/Host/Connection/SSHLine.swift": "matches ssh's messages",
    "Deployer/Host/Requests/Anchor.swift": "shell code for the host",
    "Deployer/Host/Requests/Model.swift": "shell code for the host",
    "Deployer/Host/Requests/Provide.swift": "shell code for the host",
    "Deployer/Host/Shell/RemoteScript.swift": "shell code for the host",
    "Deployer/Planning/Plan/Plan.swift": "the plan that a dry run prints",
    "Deployer/Planning/Registry/RegistryCheck.swift": "the plan that a dry run prints",
    "Deployer/Secrets/RegistryLogin.swift": "Docker's login file",
    "Deployer/Compose/PullProgress.swift": "matches Compose's messages",
    "Deployer/Compose/PullFailure.swift": "matches messages of Docker and registries",
    "Deployer/Compose/PullSubject.swift": "matches messages of Docker and registries",
    "Deployer/Compose/UnsetVariables.swift": "matches Compose's messages",
    "Deployer/Secrets/Redaction/Escapes.swift": "names of HTML's characters",
    "Deployer/Inventory/BuiltInInventory.swift": "the built-in inventory",
    "Deployer/Inventory/InventoryDocument.swift": "the inventory that config show prints",
    "Deployer/Starter/LocalStack.swift": "what config init found",
    "Deployer/Starter/StarterInventory.swift": "the inventory that config init writes",
    "Ledger/Format/Schema.swift": "SQL",
    "Ledger/Format/Triggers.swift": "SQL; a trigger's message is part of 'it refused an event'",
    "Ledger/History/HistoryQuery.swift": "SQL",
    "ktrdr/CommandLine/CommandHint.swift": "matches the argument parser's messages",
    "ktrdr/CommandLine/HostCommand.swift": "a command to copy",
    "ktrdr/Output/DiffText.swift": "results",
    "ktrdr/Output/ShowText.swift": "results",
    "ktrdr/Output/Stats/FigureText.swift": "results",
    "ktrdr/Output/Stats/StatsTable.swift": "results",
    "ktrdr/Output/Status/StatusReport.swift": "results",
    "ktrdr/Output/Status/StatusText.swift": "results",
    "ktrdr/Output/Status/RecordedTable.swift": "results",
    "ktrdr/Output/Status/WatchPicture.swift": "results",
    "ktrdr/Output/ProgressPrinter.swift": "progress of a deployment",
    "ktrdr/Report/ReportPage.swift": "the page of a report",
    "ktrdr/Report/ReportWords.swift": "the page of a report",
    "ktrdr/Report/Sections/CheckSection.swift": "the page of a report",
    "ktrdr/Report/Sections/FiguresSection.swift": "the page of a report",
    "ktrdr/Report/Sections/IntegritySection.swift": "the page of a report",
    "ktrdr/Report/Sections/PopulationSection.swift": "the page of a report",
    "ktrdr/Report/Sections/ReportHead.swift": "the page of a report",
    "ktrdr/Report/Sections/RollbackSection.swift": "the page of a report",
    "ktrdr/Report/Sections/SampleSection.swift": "the page of a report",
    "ktrdr/Report/Sections/TimelineSection.swift": "the page of a report",
    "ktrdr/Terminal/Live/LiveTarget.swift": "progress of a deployment",
    "ktrdr/Terminal/Live/LiveWords.swift": "progress of a deployment",
}

# The context of literals that are not messages: (before, after, why).
EXEMPT_CONTEXTS = [
    (r"(abstract:|usage:|discussion:|help:|ArgumentHelp\(|valueName:)\s*$", r"", "a command's help"),
    (r"CommandGroup\(\s*name:\s*$", r"", "a command's help"),
    (r"\bsays\([^()]*$", r"", "matches another program's message"),
    (r"\bcontains\($", r"", "matches another program's message"),
    (r"\($", r", \.\w+\)", "another program's message next to the case it maps to"),
    (r"console\.(print|note)\($", r"", "a result or progress"),
]

# Literals that are not messages in any context.
EXEMPT_TEXTS = [
    (r"(SELECT|INSERT|DELETE|UPDATE|PRAGMA|BEGIN|COMMIT|CREATE|WITH|LEFT JOIN|NOT EXISTS)\s", "SQL"),
    (r"exec /bin/sh -s$", "the command that ssh runs"),
    (r"u\{1B\}\[", "terminal colours"),
]


class Text:
    """A string literal: its line, its text with GAP for each interpolation, and its context."""

    def __init__(self, line, words, before, after):
        self.line, self.words, self.before, self.after = line, words, before, after

    def pattern(self):
        """A pattern for the text in the guide. Ignores whitespace, and `next:`, which is the header of a column.

        A gap at either end could be empty, and would only make the search slow.
        """
        parts = [r"\s+".join(re.escape(word) for word in re.split(r"\s+", part.strip()) if word)
                 for part in re.split(f"{GAP}+", re.sub(r"^\s*next: ", "", self.words).strip(GAP + " \n"))]
        return re.compile(r"[^\n]{0,160}?".join(parts))

    def count(self):
        return sum(any(map(str.isalpha, word)) for word in self.words.replace(GAP, " ").split())


def literals(source):
    """Every string literal in a Swift source, including those inside interpolations."""
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
    """Parses the literal at `at`, adds it and the literals inside it to `found`, and returns its end."""
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
    """Returns the end of an interpolation."""
    depth = 1
    while depth:
        if source[at] == '"':
            at = read(source, at, re.match(r'()("""|")', source[at:]), found)
            continue
        depth += {"(": 1, ")": -1}.get(source[at], 0)
        at += 1
    return at


def is_message(path, text):
    if path in EXEMPT_FILES or text.count() < WORDS:
        return False
    if any(re.search(before, text.before) and re.match(after, text.after) for before, after, _ in EXEMPT_CONTEXTS):
        return False
    return not any(re.match(pattern, text.words.strip()) for pattern, _ in EXEMPT_TEXTS)


def chapter(guide):
    """The Troubleshooting chapter without Markdown escapes."""
    if CHAPTER not in guide:
        sys.exit(f"messages: the guide has no chapter '{CHAPTER}'")
    return guide[guide.index(CHAPTER):].replace("\\|", "|")


def unexplained(guide, sources):
    """(path, line, text) of each message that the Troubleshooting chapter does not explain."""
    text = chapter(guide)
    gone = [name for name in EXEMPT_FILES if not (pathlib.Path(sources) / name).exists()]
    if gone:
        sys.exit(f"messages: no such sources: {', '.join(gone)}")
    for path in sorted(pathlib.Path(sources).rglob("*.swift")):
        name = str(path.relative_to(sources))
        for literal in literals(path.read_text(encoding="utf-8")):
            if is_message(name, literal) and not literal.pattern().search(text):
                yield name, literal.line, literal.words.replace(GAP, "…")


def main(guide, sources):
    missing = list(unexplained(pathlib.Path(guide).read_text(encoding="utf-8"), sources))
    for path, line, words in missing:
        print(f"{path}:{line}: not in the guide's Troubleshooting chapter: {' '.join(words.split())}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
