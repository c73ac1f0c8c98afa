import ArgumentParser

/// What is decided about the words of the command line before they are parsed.
enum FirstWords {
  /// The words, with a number for `status --watch`. What every tool of the argument parser calls its completion prints ours.
  static func expanded(_ words: [String]) -> [String] {
    switch words.first {
    case "status", "ps": WatchInterval.filledIn(words)
    case "--generate-completion-script" where words.count == 2: ["completion", words[1]]
    default: words
    }
  }

  /// The words without a `help` that is asked for what is none of the `commands`: that is as wrong as the word itself. The argument
  /// parser would print the help of `ktrdr` and end with success.
  static func withoutVainHelp(_ words: [String], commands: () -> [String]) -> [String] {
    guard words.first == "help", words.count > 1, !words[1].hasPrefix("-"), !commands().contains(words[1]) else {
      return words
    }
    return Array(words.dropFirst())
  }

  /// The subcommand that `help` is asked for and that its command does not have; `nil` if there is none such. The argument parser
  /// would print the help of the command and end with success.
  static func unknownSubcommand(in words: [String], of root: any ParsableCommand.Type) -> (
    command: String, word: String
  )? {
    guard words.first == "help" else { return nil }
    let found = FoundCommand(in: root, words: words.dropFirst() + [""])
    // What takes arguments may get that one.
    guard !found.names.isEmpty, let word = found.rest.dropLast().first, !word.hasPrefix("-"),
      CommandGrammar(of: found.taker).positional(0) == nil
    else { return nil }
    return (found.names.joined(separator: " "), word)
  }

  /// The first option that only `ktrdr` alone has. The argument parser would take it anywhere, print what it stands for and
  /// end with success, although the command was not carried out.
  static func misplaced(in words: [String]) -> String? {
    words.dropFirst().prefix { $0 != "--" }.first { word in
      ["--generate-completion-script", "--experimental-dump-help"].contains { word == $0 || word.hasPrefix("\($0)=") }
    }
  }
}
