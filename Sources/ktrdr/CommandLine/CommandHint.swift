import Deployer

/// Names the command that was meant where there is none of a name.
enum CommandHint {
  /// The argument parser's message with the nearest of `commands` in it; unchanged if it is about something else.
  static func improved(_ message: String, words: [String], commands: [String]) -> String {
    guard let word = words.first(where: { !$0.hasPrefix("-") }), !commands.contains(word),
      message.hasPrefix("Error: Unexpected argument '\(word)'")
        || message.hasPrefix("Error: \(words.count) unexpected arguments: '\(word)'"),
      let end = message.firstIndex(of: "\n")
    else { return message }
    let hint = Suggestion.nearest(to: word, among: commands).map { ". Did you mean '\($0)'?" } ?? ""
    return "Error: Unknown command '\(word)'\(hint)" + message[end...]
  }
}
