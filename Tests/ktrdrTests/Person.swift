import Platform
import TestSupport

/// Someone at a terminal, with a home and an environment of their own, who runs `ktrdr` without any host.
struct Person: Sendable {
  let home: TestDirectory
  var environment: [String: String]
  /// A lock to hold for the lifetime of this value.
  var heldLock: HeldLock?

  /// Instead of the programs of these names there are stand-ins that only note how they are called, and fail.
  init(standIns: [String] = []) throws {
    home = try TestDirectory()
    // Some tests have another user run what is here.
    try home.setMode(0o755)
    try home.makeDirectory("tools")
    for name in standIns {
      try home.writeScript("echo \(name) \"$@\" >>\(home.path)/asked\nexit 1", to: "tools/\(name)")
    }
    environment = KtrdrBinary.coverageEnvironment.merging([
      "PATH": "\(home.path)/tools:/usr/bin:/bin", "HOME": home.path, "KTRDR_LEDGER": "\(home.path)/state/ledger.db",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_CEILING_DIRECTORIES": "/tmp",
    ]) { $1 }
  }

  var ledger: String { "\(home.path)/state/ledger.db" }

  /// The calls of the stand-ins, one per line.
  var asked: String { (try? home.read("asked")) ?? "" }

  /// Runs the `ktrdr` binary of this build.
  func ktrdr(_ words: String...) async throws -> Programs.Result { try await ktrdr(words: words) }

  func ktrdr(words: [String]) async throws -> Programs.Result { try await run(KtrdrBinary.path, words) }

  func run(_ program: String, _ arguments: [String]) async throws -> Programs.Result {
    try await Programs.run(program, arguments, environment: environment, in: home.path)
  }
}

/// Tampering with the ledger, using the `sqlite3` shell.
extension Person {
  @discardableResult
  func sqlite(_ sql: String) async throws -> String {
    let result = try await run("sqlite3", [ledger, " " + sql])
    guard result.status == 0 else { throw ShellFailure(text: result.error) }
    return result.output
  }

  struct ShellFailure: Error { var text: String }
}
