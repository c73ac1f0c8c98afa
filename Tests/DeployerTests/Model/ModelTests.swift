import Platform
import Testing

@testable import DeploymentModel

/// The code beside the reference model, over histories that nobody has thought of: the same ones each time. `make model` has
/// many more, and others.
struct ModelTests {
  @Test func `deploy, rollback and status do what the documents say, after any history`() async throws {
    var check = ModelCheck(ProcessInfo.processInfo.environment, seeds: [1, 5_000, 90_000], operations: 600)
    check.provesEachTime = true
    let found = try await check.run()
    if !found.isEmpty { Issue.record("\(found.map(\.text).joined(separator: "\n\n"))") }
  }
}
