import Testing

@testable import Deployer
@testable import DeploymentModel

/// Histories after which `status` named what was refused, what took a good version away, or the same over and over.
struct AdviceTests {
  private static func deploy(
    _ tag: String, _ services: [String] = [], _ fault: Operation.Fault? = nil
  ) -> Operation {
    .deploy(Operation.Deploy(tag: tag, services: services, fault: fault))
  }

  private static func rollback(_ fault: Operation.Fault? = nil, to id: Int64? = nil) -> Operation {
    .rollback(Operation.Rollback(destination: id.map(Operation.Destination.deployment) ?? .lastGood, fault: fault))
  }

  private static let histories: [[Operation]] = [
    // Two failures in a row, of which only what they brought could go.
    [.breakHealth("backend"), deploy("C", ["mcp"]), .replace("mcp", tag: "B"), deploy("A"), deploy("C")],
    // A container that somebody has removed, and a deployment that changed nothing after or before that.
    [deploy("A"), deploy("nosuch"), .remove("db")],
    [deploy("D"), deploy("nosuch"), .remove("mcp"), deploy("nosuch")],
    // The compose file makes a rollback fail, again and again, until somebody corrects it.
    [deploy("C"), deploy("B"), .breakHealth("mcp"), rollback(), rollback()],
    [deploy("D"), .breakHealth("backend"), deploy("crash", ["backend"]), .remove("mcp"), rollback()],
    // It makes a deployment fail, and other services have been deployed since.
    [deploy("C"), .breakHealth("backend"), .stop("backend"), deploy("A", ["mcp"])],
    // A rollback was lost, or cut off, and something has happened beside it.
    [deploy("C"), deploy("A"), rollback(.killedAfterUp), .remove("backend"), deploy("nosuch")],
    [
      .replace("backend", tag: "B"), deploy("B"), rollback(), deploy("D"), rollback(.cutInUp), .stop("db"),
      deploy("A", ["backend", "mcp"]), rollback(),
    ],
    // The plain rollback would bring a service that nobody expects, and the next one take it away again.
    [
      .replace("mcp", tag: "P"), deploy("B", ["backend"]), rollback(), deploy("A"), rollback(to: 2), deploy("bad"),
      rollback(.lostAfterUp, to: 1),
      .deploy(Operation.Deploy(tag: "bad", profiles: ["scale-3"], rollsBack: true)), rollback(),
    ],
  ]

  @Test(arguments: histories, [false, true])
  func `what status names leads to what should run`(history: [Operation], goesForward: Bool) async throws {
    let empty = try await EmptyLedgers()
    var done = 0
    let trial = ModelHistory<ModelStand>(
      seed: 0, check: { try await Advice.check($0, goesForward: goesForward) },
      place: { try await ModelStand(empty) })
    let found = try await trial.run(history, counting: &done)
    #expect(done == history.count)
    if let found { Issue.record("\(found.text)") }
  }
}
