import Platform

@testable import Deployer

/// The lab's stand-in for `op`, a real program, with its own directory of items.
struct StandIn {
  let directory: URL
  private let environment: [String: String]

  /// `fields` are the fields of the item `thing`, as JSON. `environment` is added to the environment of `op`.
  init(fields: String = "[]", environment: [String: String] = [:]) throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "ktrdr-op-\(UUID().uuidString)")
    let files = FileManager.default
    try files.createDirectory(at: directory.appending(path: "items"), withIntermediateDirectories: true)
    try files.createDirectory(at: directory.appending(path: "bin"), withIntermediateDirectories: true)
    let script = Self.checkout.appending(path: "Tests/lab/op").path
    try files.createSymbolicLink(atPath: directory.appending(path: "bin/op").path, withDestinationPath: script)
    self.environment = environment.merging(
      ["PATH": "\(directory.path)/bin:/usr/bin:/bin", "OP_LAB": directory.path]
    ) { $1 }
    try item(#"{"id": "k7xq3", "title": "thing", "version": 7, "fields": \#(fields)}"#)
  }

  /// Sets what `op item get thing` prints.
  func item(_ json: String) throws {
    try Data(json.utf8).write(to: directory.appending(path: "items/thing.json"))
  }

  /// Makes `op` fail. `how` is `SUBCOMMAND KEY`, as listed in the lab's README.
  func fail(_ how: String) throws {
    try Data("\(how)\n".utf8).write(to: directory.appending(path: "fail"))
  }

  func onePassword(timeout: Duration = .seconds(20)) -> OnePassword {
    OnePassword(runner: .system, environment: environment, timeout: timeout)
  }

  /// The arguments of each call so far.
  var calls: [String] {
    let log = (try? Data(contentsOf: directory.appending(path: "calls.log"))) ?? Data()
    return String(decoding: log, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  func remove() { try? FileManager.default.removeItem(at: directory) }

  private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
}
