import Platform
import Testing

/// Puts gates before and after Compose on the host core while a suite runs (`Tests/lab/faults/host/docker-compose`), and
/// takes them away again: the suites after it find the host as the lab made it.
struct ComposeGates: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    let home = "\(try await Lab.shared().root)/hosts/core/home"
    let plugins = "\(home)/.docker/cli-plugins"
    let files = FileManager.default
    for directory in [plugins, "\(home)/gates"] {
      try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }
    try files.createSymbolicLink(
      atPath: "\(plugins)/docker-compose", withDestinationPath: "\(Lab.checkout)/Tests/lab/faults/host/docker-compose")
    defer {
      for directory in ["\(home)/.docker", "\(home)/gates"] { try? files.removeItem(atPath: directory) }
    }
    try await function()
  }
}

extension Trait where Self == ComposeGates {
  /// Compose on the host core can be held up while this suite runs.
  static var composeGates: Self { ComposeGates() }
}
