import Ledger
import Platform
import Testing

@testable import Deployer

/// One recorded deployment of one service, in the words of the table below.
struct Recorded: Sendable {
  var kind = DeploymentKind.deploy
  var outcome = Outcome.succeeded
  var before: String?
  var after: String?

  static func good(_ image: String, after before: String? = nil) -> Recorded { Recorded(before: before, after: image) }
  static func bad(_ image: String, _ outcome: Outcome = .failed) -> Recorded {
    Recorded(outcome: outcome, after: image)
  }
  static func rollback(to image: String, from before: String) -> Recorded {
    Recorded(kind: .rollback, before: before, after: image)
  }
  static let takenDown = Recorded(before: "A", after: nil)
}

/// What a rollback goes to, as the image and the number of the deployment that vouches for it.
struct Expected: Equatable, Sendable {
  var image: String
  var source: Int64
  var isObserved = false
}

struct RollbackCase: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var history: [Recorded]
  var running: String?
  var expected: Expected?

  static let all = [
    RollbackCase(
      testDescription: "A good, B good: to A", history: [.good("A"), .good("B")], running: "B",
      expected: Expected(image: "A", source: 1)),
    RollbackCase(
      testDescription: "C failed its health check: to B", history: [.good("A"), .good("B"), .bad("C")], running: "C",
      expected: Expected(image: "B", source: 2)),
    RollbackCase(
      testDescription: "rolled back to A already: nothing",
      history: [.good("A"), .good("B"), .rollback(to: "A", from: "B")],
      running: "A", expected: nil),
    RollbackCase(
      testDescription: "rolled back to A already: to what was good before A",
      history: [.good("Z"), .good("A"), .good("B"), .rollback(to: "A", from: "B")], running: "A",
      expected: Expected(image: "Z", source: 1)),
    RollbackCase(
      testDescription: "a version that a rollback left is never gone back to",
      history: [.good("A"), .good("B"), .rollback(to: "A", from: "B"), .good("C")], running: "C",
      expected: Expected(image: "A", source: 3)),
    RollbackCase(
      testDescription: "A again, then B: to A", history: [.good("A"), .good("A"), .good("B")], running: "B",
      expected: Expected(image: "A", source: 2)),
    RollbackCase(
      testDescription: "the first deployment replaced P: to P, observed", history: [.good("B", after: "P")],
      running: "B",
      expected: Expected(image: "P", source: 1, isObserved: true)),
    RollbackCase(
      testDescription: "back at the observed P: nothing",
      history: [.good("B", after: "P"), .rollback(to: "P", from: "B")],
      running: "P", expected: nil),
    RollbackCase(testDescription: "nothing recorded", history: [], running: "X", expected: nil),
    RollbackCase(
      testDescription: "a rollback that failed has left nothing",
      history: [.good("A"), .good("B"), Recorded(kind: .rollback, outcome: .failed, before: "B", after: "A")],
      running: "A", expected: Expected(image: "B", source: 2)),
    RollbackCase(
      testDescription: "a deployment whose end nobody saw is not good",
      history: [.good("A"), .bad("B", .unknown), .bad("C", .interrupted)], running: "C",
      expected: Expected(image: "A", source: 1)),
    RollbackCase(
      testDescription: "two rollbacks go two steps back",
      history: [.good("A"), .good("B"), .good("C"), .rollback(to: "B", from: "C")], running: "B",
      expected: Expected(image: "A", source: 1)),
    RollbackCase(
      testDescription: "a rollback past B has left B too",
      history: [.good("A"), .good("B"), .good("C"), .rollback(to: "A", from: "C")], running: "A", expected: nil),
    RollbackCase(
      testDescription: "after a failure went back on its own, the next goes one further",
      history: [.good("A"), .good("B"), .bad("C"), .rollback(to: "B", from: "C")], running: "B",
      expected: Expected(image: "A", source: 1)),
    RollbackCase(
      testDescription: "no container runs: to the newest good", history: [.good("A"), .good("B")], running: nil,
      expected: Expected(image: "B", source: 2)),
    RollbackCase(
      testDescription: "taken down by fewer profiles: to what ran before", history: [.good("A"), .takenDown],
      running: nil, expected: Expected(image: "A", source: 1)),
    RollbackCase(
      testDescription: "something else was started by hand: to the newest good", history: [.good("A"), .good("B")],
      running: "X", expected: Expected(image: "B", source: 2)),
  ]
}

private func image(_ name: String) -> ImageIdentity {
  ImageIdentity(reference: "repo:latest", id: "sha256:\(name)", digest: "repo@sha256:digest-\(name)")
}

private func past(_ recorded: Recorded, _ id: Int64) -> LastGood.Past {
  let start = DeploymentStart(kind: recorded.kind, target: "core", host: "h", operator: "o", client: "c")
  return LastGood.Past(
    deployment: Deployment(
      id: id, uuid: "\(id)", start: start, startedAt: Date(timeIntervalSince1970: 0), outcome: recorded.outcome),
    before: recorded.before.map(image), after: recorded.after.map(image))
}

@Suite struct LastGoodTests {
  @Test(arguments: RollbackCase.all)
  func `a rollback goes to the newest good image that does not run`(_ row: RollbackCase) {
    let history = row.history.enumerated().map { past($1, Int64($0) + 1) }
    var found: Expected?
    if let choice = try? LastGood.choose(history: history.reversed(), running: row.running.map(image)) {
      found = Expected(
        image: String(choice.image.id.dropFirst(7)), source: choice.source.id, isObserved: choice.isObserved)
    }
    #expect(found == row.expected)
  }

  @Test func `every deployment that was passed over is named with its reason`() throws {
    let history = [Recorded.good("A"), .good("B"), .rollback(to: "A", from: "B"), .good("C"), .bad("D")]
    let choice = try LastGood.choose(
      history: history.enumerated().map { past($1, Int64($0) + 1) }.reversed(), running: image("C"))
    #expect(choice.skipped.map(\.deployment.id) == [5, 4])
    #expect(choice.skipped.map(\.reason) == ["failed", "its image is running now"])
  }

  @Test func `an image of another repository is passed over, with the way to it`() throws {
    var old = past(.good("B"), 2)
    old.after?.reference = "old:latest"
    let history = [past(.good("C"), 3), old, past(.good("A"), 1)]
    let choice = try LastGood.choose(history: history, running: image("C"), repository: "repo")
    #expect(choice.image == image("A"))
    #expect(choice.skipped.map(\.deployment.id) == [3, 2])
    #expect(choice.skipped.last?.reason == "its image is of another repository, old; choose it with --to 2")
    #expect(try LastGood.choose(history: history, running: image("C")).source.id == 2)
  }

  @Test func `the same tag with another digest is another image`() throws {
    let history = [past(.good("latest-1"), 1), past(.good("latest-2"), 2)]
    let choice = try LastGood.choose(history: history.reversed(), running: image("latest-2"))
    #expect(choice.image == image("latest-1"))
    #expect(
      Pin(service: try ServiceName("backend"), image: choice.image).reference == "repo:latest@sha256:digest-latest-1")
  }
}
