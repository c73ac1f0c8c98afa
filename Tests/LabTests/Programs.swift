import Platform
import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// Runs real programs and keeps what they said.
enum Programs {
  struct Result: Sendable {
    /// 128 + n when signal n ended it.
    var status: Int32
    var output: String
    var error: String
  }

  /// Runs a program to its end. `during` may send it signals while it runs.
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String], in directory: String? = nil,
    during: @escaping @Sendable (pid_t) async -> Void = { _ in }
  ) async throws -> Result {
    var values: [Environment.Key: String] = [:]
    for (name, value) in environment {
      if let key = Environment.Key(rawValue: name) { values[key] = value }
    }
    let result = try await Subprocess.run(
      program.contains("/") ? .path(FilePath(program)) : .name(program), arguments: Arguments(arguments),
      environment: .custom(values), workingDirectory: directory.map { FilePath($0) }, input: .none,
      output: .string(limit: 16 << 20), error: .string(limit: 16 << 20)
    ) { execution in
      await during(execution.processIdentifier.value)
    }
    let status: Int32 =
      switch result.terminationStatus {
      case .exited(let code): Int32(code)
      case .signaled(let signal): 128 + Int32(signal)
      }
    return Result(status: status, output: result.standardOutput, error: result.standardError)
  }
}

/// An operator at a terminal in the lab, with a ledger of their own.
struct Operator: Sendable {
  let lab: Lab
  var environment: [String: String]
  var directory: String
  let ledger: String

  /// A new one, whose ledger does not exist yet.
  init() async throws {
    lab = try await Lab.shared()
    ledger = "\(lab.root)/state/\(UUID().uuidString)/ledger.db"
    environment = lab.environment
    environment["KTRDR_LEDGER"] = ledger
    directory = lab.facts.repository
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
    try await Programs.run(Self.binary, words, environment: environment, in: directory, during: during)
  }

  /// `$KTRDR_BINARY`, or the build's product, which stands beside the test bundle, whose path the runner is given.
  static let binary: String = {
    if let chosen = ProcessInfo.processInfo.environment["KTRDR_BINARY"] { return chosen }
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return bundle.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/ktrdr"
  }()

  /// The lab's inventory with changes, as this operator's own.
  mutating func rewriteInventory(_ change: (String) -> String) throws {
    let text = String(decoding: try Data(contentsOf: URL(filePath: "\(lab.root)/ktrdr.yml")), as: UTF8.self)
    let own = "\(lab.root)/\(UUID().uuidString).yml"
    try Data(change(text).utf8).write(to: URL(filePath: own))
    environment["KTRDR_CONFIG"] = own
  }
}
