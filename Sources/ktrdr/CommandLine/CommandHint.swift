import Deployer

/// Names the command that was meant where there is none of a name.
enum CommandHint {
  /// The argument parser's message with the nearest of `commands` in it; unchanged if it is about something else. The inventory
  /// fills in the host of a command of Docker's.
  static func improved(
    _ message: String, words: [String], commands: [String], inventory: () -> Inventory?
  ) -> String {
    guard let word = words.first(where: { !$0.hasPrefix("-") }), !commands.contains(word),
      message.hasPrefix("Error: Unexpected argument '\(word)'") || message.hasPrefix("Error: Unknown option ")
        || message.hasPrefix("Error: \(words.count) unexpected arguments: '\(word)'"),
      let end = message.firstIndex(of: "\n")
    else { return message }
    let rest = words.drop { $0 != word }.dropFirst()
    return "Error: Unknown command '\(word)'\(hint(for: word, rest, among: commands, inventory))" + message[end...]
  }

  private static func hint(
    for word: String, _ rest: ArraySlice<String>, among commands: [String], _ inventory: () -> Inventory?
  ) -> String {
    if let command = containerCommands[word] {
      let line = inventory().map { HostCommand.docker(command).line(for: Array(rest), in: $0) }
      return ". Docker does that on the host: \(line ?? "ssh HOST docker \(command) CONTAINER")"
    }
    if let answer = answers[word] { return ": \(answer)" }
    let phrase = rest.first.flatMap { others["\(word) \($0)"] }
    let meant = phrase ?? others[word] ?? Suggestion.nearest(to: word, among: commands)
    return meant.map { ". Did you mean '\($0)'?" } ?? ""
  }

  /// What other tools call it: Compose, kubectl, Helm, Kamal, Capistrano, Terraform.
  private static let others = [
    "up": "deploy", "apply": "deploy", "upgrade": "deploy", "redeploy": "deploy", "install": "deploy", "run": "deploy",
    "create": "deploy", "setup": "init",
    "undo": "rollback", "revert": "rollback", "rollout undo": "rollback", "rollout history": "history",
    "rollout status": "status", "rollout restart": "deploy",
    "ls": "status", "list": "status", "get": "status", "describe": "status", "top": "status", "images": "status --wide",
    "details": "status --wide", "log": "history", "audit": "history", "events": "history",
    "check": "doctor", "test": "doctor", "lint": "config check", "plan": "deploy TARGET --dry-run",
    "template": "deploy TARGET --dry-run", "dry-run": "deploy TARGET --dry-run", "pull": "deploy TARGET --dry-run",
    "env": "config show", "version": "--version",
  ]

  /// What has no command of its own.
  private static let answers = [
    "lock": "a deployment locks its target by itself, and leaves no lock behind",
    "unlock": "a deployment locks its target by itself, and leaves no lock behind",
    "scale": "set 'replicas' in the compose file, or use its profiles: ktrdr deploy TARGET --profile NAME",
    "delete": "ktrdr takes no stack down: stop its containers with Docker on the host",
    "uninstall": "ktrdr takes no stack down: stop its containers with Docker on the host",
    "remove": "ktrdr takes no stack down: stop its containers with Docker on the host",
    "build": "ktrdr builds no images: CI does, and 'ktrdr deploy' fetches them",
    "push": "ktrdr pushes no images: CI does, and 'ktrdr deploy' fetches them",
  ]

  /// Compose's `down` would need the values of the compose file, which nobody has by hand.
  private static let containerCommands = [
    "start": "start", "stop": "stop", "restart": "restart", "kill": "kill", "rm": "rm -f", "pause": "pause",
    "unpause": "unpause", "down": "stop",
  ]
}
