import Deployer

/// Names the command that was meant where there is none of a name.
enum CommandHint {
  /// The argument parser's message with the nearest of `commands` in it; unchanged if it is about something else.
  static func improved(_ message: String, words: [String], commands: [String]) -> String {
    guard let word = words.first(where: { !$0.hasPrefix("-") }), !commands.contains(word),
      message.hasPrefix("Error: Unexpected argument '\(word)'") || message.hasPrefix("Error: Unknown option ")
        || message.hasPrefix("Error: \(words.count) unexpected arguments: '\(word)'"),
      let end = message.firstIndex(of: "\n")
    else { return message }
    return "Error: Unknown command '\(word)'\(hint(for: word, among: commands))" + message[end...]
  }

  private static func hint(for word: String, among commands: [String]) -> String {
    guard !containerCommands.contains(word) else {
      let command = word == "down" ? "compose down, in the target's directory" : "\(word) CONTAINER"
      return ": ktrdr neither starts nor stops containers. Use Docker on the host: ssh HOST docker \(command)"
    }
    let meant = others[word] ?? Suggestion.nearest(to: word, among: commands)
    return meant.map { ". Did you mean '\($0)'?" } ?? ""
  }

  /// What other tools call it: Compose, Helm, Kamal, Capistrano, Terraform.
  private static let others = [
    "up": "deploy", "apply": "deploy", "upgrade": "deploy", "redeploy": "deploy", "install": "deploy",
    "undo": "rollback", "revert": "rollback", "ls": "status", "list": "history", "log": "history", "audit": "history",
    "check": "doctor", "plan": "deploy TARGET --dry-run", "version": "--version",
  ]

  private static let containerCommands: Set = ["start", "stop", "restart", "kill", "rm", "pause", "unpause", "down"]
}
