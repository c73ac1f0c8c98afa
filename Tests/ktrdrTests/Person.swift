import Foundation

/// An operator with their own home directory, and stand-ins for `ssh` and `op` that only record their calls and fail.
final class Person: Sendable {
  let home: String
  let environment: [String: String]

  init() throws {
    home = FileManager.default.temporaryDirectory.path + "/ktrdr-person-\(UUID().uuidString)"
    let tools = home + "/tools"
    try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: home)
    for name in ["ssh", "op"] {
      try Data("#!/bin/sh\necho \(name) \"$@\" >>\(home)/asked\nexit 1\n".utf8).write(
        to: URL(fileURLWithPath: tools + "/" + name))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools + "/" + name)
    }
    environment = [
      "HOME": home, "PATH": tools + ":/usr/local/bin:/usr/bin:/bin", "KTRDR_LEDGER": home + "/state/ledger.db",
      "KTRDR_OPERATOR": "ada@example.org",
    ]
  }

  deinit { try? FileManager.default.removeItem(atPath: home) }

  var ledger: String { home + "/state/ledger.db" }

  /// The calls of `ssh` and `op`, one per line.
  var asked: String { (try? String(contentsOfFile: home + "/asked", encoding: .utf8)) ?? "" }

  struct Result {
    var status: Int32
    var output: String
    var error: String
  }

  /// Runs the `ktrdr` binary of this build.
  func ktrdr(_ arguments: String...) throws -> Result { try run(try Self.binary(), arguments) }

  func run(_ program: String, _ arguments: [String]) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = URL(fileURLWithPath: home)
    let place = home + "/" + UUID().uuidString
    for end in [".out", ".err"] { try Data().write(to: URL(fileURLWithPath: place + end)) }
    process.standardOutput = FileHandle(forWritingAtPath: place + ".out")
    process.standardError = FileHandle(forWritingAtPath: place + ".err")
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: try String(contentsOfFile: place + ".out", encoding: .utf8),
      error: try String(contentsOfFile: place + ".err", encoding: .utf8))
  }

  static func binary() throws -> String {
    var directory = Bundle.main.bundleURL
    while directory.path != "/" {
      let path = directory.appendingPathComponent("ktrdr").path
      var isDirectory: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue { return path }
      directory.deleteLastPathComponent()
    }
    throw NotBuilt()
  }

  struct NotBuilt: Error {}
}

/// Tampering with the ledger, using the `sqlite3` shell.
extension Person {
  @discardableResult
  func sqlite(_ sql: String) throws -> String {
    let result = try run("/usr/bin/env", ["sqlite3", ledger, " " + sql])
    guard result.status == 0 else { throw ShellFailure(text: result.error) }
    return result.output
  }

  struct ShellFailure: Error { var text: String }
}
