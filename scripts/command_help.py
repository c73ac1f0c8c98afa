"""What ktrdr's commands say of themselves (`ktrdr --experimental-dump-help`), for the scripts that make pages of it."""
import re

LEFT_OUT = {"help", "TARGET"}
# How the groups of lines in a command's discussion are called in a page.
SECTIONS = {"Examples:": "EXAMPLES", "Exit status:": "EXIT STATUS"}


def is_shown(command):
    return command.get("shouldDisplay", True) and command["commandName"] not in LEFT_OUT


def paragraphs(discussion):
    """The paragraphs of a discussion: for each the section that it begins or belongs to, and its text."""
    for paragraph in re.split(r"\n\s*\n", discussion.strip("\n")) if discussion else []:
        if paragraph.endswith("--help' lists the options."):
            continue  # the page lists them
        title = next((title for title in SECTIONS if paragraph.startswith(title)), None)
        yield SECTIONS.get(title, "DESCRIPTION"), paragraph.removeprefix(title or "")


def names(argument):
    """`-n`, `--dry-run`, the short ones first."""
    every = [("--" if name["kind"] == "long" else "-") + name["name"] for name in argument.get("names", [])]
    return sorted(every, key=len)


def shown(arguments):
    return [argument for argument in arguments if argument.get("shouldDisplay", True)]


def value_name(argument):
    return argument.get("valueName") or argument.get("preferredName", {}).get("name", "value")


def explanation(argument):
    text = argument.get("abstract", "")
    if argument.get("allValues"):
        text += f" One of {', '.join(argument['allValues'])}."
    if argument.get("defaultValue") and argument["kind"] == "option":
        text += f" Default: {argument['defaultValue']}."
    return text


def subcommands(command):
    return [sub for sub in command.get("subcommands", []) if is_shown(sub)]


def own_arguments(command):
    """The arguments of a command, or of its default subcommand."""
    default = next((sub for sub in command.get("subcommands", [])
                    if sub["commandName"] == command.get("defaultSubcommand")), None)
    return shown((default or command).get("arguments", []))
