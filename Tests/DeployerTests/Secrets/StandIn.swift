import Platform
import TestSupport

@testable import Deployer

/// The lab's stand-in for `op`, a real program, with its own directory of items.
struct StandIn {
  private let directory: TestDirectory
  private let environment: [String: String]

  /// `fields` are the fields of the item `thing`, as JSON. `environment` is added to the environment of `op`.
  init(fields: String = "[]", environment: [String: String] = [:]) throws {
    directory = try TestDirectory()
    try directory.makeDirectory("items")
    try directory.makeDirectory("bin")
    let script = Self.checkout.appending(path: "Tests/lab/op").path
    try FileManager.default.createSymbolicLink(atPath: "\(directory.path)/bin/op", withDestinationPath: script)
    self.environment = environment.merging(
      ["PATH": "\(directory.path)/bin:/usr/bin:/bin", "OP_LAB": directory.path]
    ) { $1 }
    try item(#"{"id": "k7xq3", "title": "thing", "version": 7, "fields": \#(fields)}"#)
  }

  /// Sets what `op item get thing` prints.
  func item(_ json: String) throws {
    try directory.write(json, to: "items/thing.json")
  }

  /// Makes `op` fail. `how` is `SUBCOMMAND KEY`, as listed in the lab's README.
  func fail(_ how: String) throws {
    try directory.write("\(how)\n", to: "fail")
  }

  func onePassword(timeout: Duration = .seconds(20)) -> OnePassword {
    OnePassword(runner: .system, environment: environment, timeout: timeout)
  }

  /// The arguments of each call so far.
  var calls: [String] {
    ((try? directory.read("calls.log")) ?? "").split(separator: "\n").map(String.init)
  }

  private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
}
