/// Names the option that was meant where another tool's is given, which spelling alone would not find.
enum OptionHint {
  /// The argument parser's message with the right option in it; unchanged if it is about something else.
  static func improved(_ message: String, words: [String]) -> String {
    guard
      let match = message.firstMatch(of: /^Error: Unknown option '(?<option>-+[^'=]+)'(?:\. Did you mean '[^']*'\?)?/),
      let command = words.first(where: { !$0.hasPrefix("-") })
    else { return message }
    let option = String(match.output.option)
    let beginning = "Error: Unknown option '\(option)'"
    if confirmations.contains(option.drop { $0 == "-" }) {
      return beginning + ": ktrdr asks no questions" + message[match.range.upperBound...]
    }
    if ["-f", "--file"].contains(option), words.contains(where: { $0.contains("compose") && $0.contains(".y") }) {
      return beginning + ": the compose files of a target are named in the inventory, by 'compose_files'"
        + message[match.range.upperBound...]
    }
    guard let meant = meant(by: option, of: command) else { return message }
    return "\(beginning). Did you mean '\(meant)'?" + message[match.range.upperBound...]
  }

  /// What `command` calls the option that other tools call `option`; `nil` if it has none.
  static func meant(by option: String, of command: String) -> String? {
    let word = String(option.drop { $0 == "-" })
    return all.first { $0.words.contains(word) && $0.commands.contains(command) }?.meant
  }

  /// What other tools take as the answer to a question, for which spelling alone would find `--format`.
  private static let confirmations: Set<Substring> = ["force", "yes", "y", "assume-yes", "no-confirm", "auto-approve"]

  private static let all: [(meant: String, commands: Set<String>, words: Set<String>)] = [
    ("--tag", ["deploy", "history"], ["version", "image", "image-tag", "release", "revision", "ref", "t"]),
    ("--to", ["rollback"], ["version", "image", "image-tag", "release", "revision", "to-revision", "tag", "t"]),
    ("--dry-run", ["deploy", "rollback"], ["dryrun", "dry", "plan", "check", "what-if"]),
    ("--wait", ["deploy", "rollback"], ["timeout", "lock-timeout"]),
    ("--max-parallel", ["deploy", "rollback"], ["parallel", "parallelism", "jobs", "j", "forks"]),
    ("--limit", ["history"], ["n", "max", "max-count", "last", "tail"]),
    ("--operator", ["history"], ["user", "by", "author"]),
    ("--outcome", ["history"], ["status", "state"]),
    ("--format", ["deploy", "rollback", "status", "history", "show", "diff", "doctor"], ["output", "o"]),
    ("--format csv", ["history"], ["csv"]),
    ("--watch", ["status", "ps"], ["w", "follow", "interval", "refresh", "every"]),
    (
      "--config", ["deploy", "rollback", "status", "history", "doctor", "secrets", "config", "init"],
      ["file", "f", "inventory", "i", "c"]
    ),
  ]
}
