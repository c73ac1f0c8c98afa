/// What `ktrdr` prints when it is given nothing to do: the commands first, then what is looked up.
enum RootHelp {
  static func isAsked(by words: [String]) -> Bool { words.allSatisfy(["help", "-h", "--help"].contains) }

  /// The argument parser's text, with the commands before the options and the exit statuses, and each group of them by its own
  /// name.
  static func arranged(_ help: String) -> String {
    let sections = help.split(separator: "\n\n").map { section in
      section.replacing(/^(?<name>[A-Z ]+) SUBCOMMANDS:\n/) { "\($0.output.name):\n" }
    }
    let last = ["OPTIONS:", "Exit status:", "'ktrdr --version'", "  See "]
    let rest = sections.filter { section in !last.contains { section.hasPrefix($0) } }
    let end = last.flatMap { lead in sections.filter { $0.hasPrefix(lead) } }
    return (rest + end).joined(separator: "\n\n")
  }
}
