/// The characters that stand for words where there is little room. No two outcomes have the same, and each is one column wide.
struct Signs: Sendable, Equatable {
  var succeeded, failed, cancelled, interrupted, unknown, running: String
  /// Something that needs a look, and is not broken.
  var attention: String
  /// What the ledger expects to run now.
  var current: String
  var deployedTo, rolledBackTo, undoes: String
  /// What stands for the rest of a text that was cut.
  var ellipsis: String
  /// What stands for a value that is not known or does not exist.
  var absent: String
  /// What a bar is made of.
  var bar: String
  /// What is going on: one after another, each as wide as the next.
  var spinner: [String]

  static let unicode = Signs(
    succeeded: "✓", failed: "✗", cancelled: "⊘", interrupted: "!", unknown: "?", running: "↻", attention: "!",
    current: "●", deployedTo: "→", rolledBackTo: "↩", undoes: "⟲", ellipsis: "…", absent: "–", bar: "█",
    spinner: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"])

  static let ascii = Signs(
    succeeded: "+", failed: "x", cancelled: "-", interrupted: "!", unknown: "?", running: "~", attention: "!",
    current: "*", deployedTo: "->", rolledBackTo: "<-", undoes: "undoes ", ellipsis: "...", absent: "-", bar: "#",
    spinner: ["|", "/", "-", "\\"])
}
