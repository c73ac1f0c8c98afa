"""Tests of guide.py and messages.py."""
import pathlib, tempfile, unittest
from unittest import mock

import guide, messages


def shell(command):
    """Runs a command without a lab."""
    return guide.run(["bash", "-c", command], {"PATH": "/usr/bin:/bin"}, "/nowhere")


def check(text):
    return guide.check(text, shell)


class GuideTests(unittest.TestCase):
    right = "```console\n$ echo one\none\n$ echo two; exit 3\ntwo\n[exit status 3]\n```\n"

    def test_a_correct_guide_passes_unchanged(self):
        self.assertEqual(check(self.right), (self.right, []))

    def test_a_wrong_block_is_reported_as_a_diff(self):
        for wrong in [
            self.right.replace("\none\n", "\nother\n"),
            self.right.replace("\none\n", "\n"),
            self.right.replace("two\n[exit", "two\nand more\n[exit"),
            self.right.replace("status 3", "status 4"),
            self.right.replace("[exit status 3]\n", ""),
        ]:
            updated, diffs = check(wrong)
            self.assertEqual(len(diffs), 1, wrong)
            self.assertEqual(updated, self.right)
            self.assertRegex(diffs[0], r"line \d: \$ echo")

    def test_a_missing_command_is_reported(self):
        _, diffs = check("```console\n$ no-such-command\n```\n")
        self.assertIn("+[exit status 127]", diffs[0])

    def test_values_that_vary_are_ignored_and_not_rewritten(self):
        shown = "up 1.2 s at 2026-11-24T12:56:51.460Z, 127.0.0.1:20004 sha256:" + "a" * 64 + "    end"
        printed = "up 10.3 s at 2027-01-01T00:00:00Z, 127.0.0.1:20010 sha256:" + "b" * 64 + "  end"
        text = f"```console\n$ echo '{printed}'\n{shown}\n```\n"
        self.assertEqual(check(text), (text, []))

    def test_tags_commits_and_numbers_are_compared(self):
        for shown, printed in [("sha-c36719b", "sha-0992ae0"), ("c" * 40, "d" * 40), ("deployment 4", "deployment 5")]:
            self.assertEqual(len(check(f"```console\n$ echo '{printed}'\n{shown}\n```\n")[1]), 1, printed)

    def test_only_a_parallel_block_ignores_the_order_of_lines(self):
        text = "```console parallel\n$ echo b 2; echo a 1\na 9\nb 8\n```\n"
        self.assertEqual(check(text)[1], [])
        self.assertEqual(len(check(text.replace(" parallel", ""))[1]), 1)
        self.assertEqual(len(check(text.replace("a 9", "c 9"))[1]), 1)

    def test_lab_commands_run_between_blocks_and_must_succeed(self):
        with tempfile.TemporaryDirectory() as place:
            text = f"<!-- lab: echo hidden >{place}/state -->\n```console\n$ cat {place}/state\nhidden\n```\n"
            self.assertEqual(check(text)[1], [])
        with self.assertRaisesRegex(guide.InvalidGuide, "line 1: lab command failed"):
            check("<!-- lab: false -->\n")

    def test_other_blocks_are_not_run(self):
        text = "```sh\n$ exit 1\n```\n"
        self.assertEqual(check(text), (text, []))

    def test_a_guide_that_would_only_run_partly_is_rejected(self):
        for text in ["```console\n$ echo", "```console\nout\n```", "```console\n```", "```console paralel\n$ :\n```",
                     "<!-- lab: false", "<!-- lab false -->"]:
            with self.assertRaises(guide.InvalidGuide, msg=text):
                guide.parse(text)


class MessagesTests(unittest.TestCase):
    def unexplained(self, chapter, source):
        with tempfile.TemporaryDirectory() as place:
            (pathlib.Path(place) / "New.swift").write_text(source, encoding="utf-8")
            with mock.patch.object(messages, "EXEMPT_FILES", {}):
                return [words for _, _, words in messages.unexplained(f"{messages.CHAPTER}\n{chapter}\n", place)]

    case = r'case .full(let host): "the disk of \(host.name(short: "yes")) is full"'

    def test_a_message_without_an_entry_is_reported(self):
        self.assertEqual(self.unexplained("", self.case), ["the disk of … is full"])
        self.assertEqual(self.unexplained("the disk of HOST is broken", self.case), ["the disk of … is full"])

    def test_a_message_with_an_entry_is_not_reported(self):
        self.assertEqual(self.unexplained("| the disk of HOST is full | free some |", self.case), [])

    def test_the_parts_of_a_message_must_be_on_one_line(self):
        self.assertEqual(len(self.unexplained("the disk of HOST\nis full", self.case)), 1)

    def test_entries_in_other_chapters_do_not_count(self):
        with self.assertRaises(SystemExit):
            messages.chapter("# Guide\nthe disk of HOST is full\n")

    def test_an_exception_for_a_missing_source_is_rejected(self):
        with tempfile.TemporaryDirectory() as place, self.assertRaisesRegex(SystemExit, "no such sources"):
            list(messages.unexplained(messages.CHAPTER, place))

    def test_multiline_nested_and_raw_literals_are_parsed(self):
        source = 'a("""\n  one two\\\n  three\n  """)\nb("x \\(c("four five six")) y")\nd(#"seven \\n eight nine"#)'
        found = [text.words for text in messages.literals(source)]
        self.assertIn("four five six", found)
        self.assertIn("x \0 y", found)
        self.assertIn("seven \\n eight nine", found)
        self.assertEqual(len(self.unexplained("", source)), 3)

    def test_comments_help_and_short_texts_are_not_messages(self):
        source = '// "one two three"\n/* "one two three" */\n@Flag(help: "one two three")\nlet a = "one two"'
        self.assertEqual(self.unexplained("", source), [])


if __name__ == "__main__":
    unittest.main()
