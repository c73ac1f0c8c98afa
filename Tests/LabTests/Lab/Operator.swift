import Platform
import TestSupport

/// An operator at a terminal in the lab, with a ledger of their own.
struct Operator: Sendable {
  let lab: Lab
  var environment: [String: String]
  var directory: String
  private(set) var ledger: String

  /// A new one, whose ledger does not exist yet.
  init() async throws {
    lab = try await Lab.shared()
    ledger = "\(lab.root)/state/\(UUID().uuidString)/ledger.db"
    environment = lab.environment
    environment["KTRDR_LEDGER"] = ledger
    directory = lab.facts.repository
  }

  /// Somebody who deploys the same with a ledger of their own.
  var colleague: Operator {
    var other = self
    other.ledger = ledger.replacing("ledger.db", with: "colleague.db")
    other.environment["KTRDR_LEDGER"] = other.ledger
    return other
  }

  /// Runs the binary that was built together with these tests.
  func ktrdr(
    _ words: String..., during: @escaping @Sendable (pid_t) async -> Void = { _ in }
  ) async throws -> Programs.Result {
    try await ktrdr(words: words, during: during)
  }

  func ktrdr(
    words: [String], during: @escaping @Sendable (pid_t) async -> Void = { _ in }
  ) async throws -> Programs.Result {
    try await Programs.run(KtrdrBinary.path, words, environment: environment, in: directory, during: during)
  }

  /// The lab's inventory with changes, as this operator's own.
  mutating func rewriteInventory(_ change: (String) -> String) throws {
    let text = String(decoding: try Data(contentsOf: URL(filePath: "\(lab.root)/ktrdr.yml")), as: UTF8.self)
    let own = "\(lab.root)/\(UUID().uuidString).yml"
    try Data(change(text).utf8).write(to: URL(filePath: own))
    environment["KTRDR_CONFIG"] = own
  }
}
