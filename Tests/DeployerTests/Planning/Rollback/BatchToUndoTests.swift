import Ledger
import Testing

@testable import Deployer
@testable import Fakes

struct BatchToUndoTests {
  private func deploy(_ tag: String, _ person: FakeOperator) async throws {
    var plan = try person.plan(tag)
    plan.batch = "one"
    await person.perform(.deploy(plan))
  }

  @Test func `what did not succeed and may have left something is named beside what goes back`() async throws {
    let person = try await FakeOperator()
    person.host.change { $0.publish("bad", .unhealthy) }
    try await deploy("bad", person)
    guard case .unsuccessful(let all) = try await BatchToUndo.find("one", in: person.ledger) else {
      throw Unexpected("something succeeded")
    }
    #expect(all.map(\.id) == [1])
    // A deployment that succeeded has replaced what that one left, and one that has not come as far left nothing.
    try await deploy("A", person)
    try await deploy("nosuch", person)
    guard
      case .deployments(let back, left: let none, repaired: let same) = try await BatchToUndo.find(
        "1", in: person.ledger)
    else {
      throw Unexpected("nothing goes back")
    }
    #expect(back.map(\.id) == [2] && none.isEmpty && same.isEmpty)
    try await deploy("bad", person)
    guard case .deployments(_, left: let left, repaired: _) = try await BatchToUndo.find("one", in: person.ledger)
    else {
      throw Unexpected("nothing goes back")
    }
    #expect(left.map(\.id) == [4])
  }

  @Test func `what has brought the version since, alone, is named as well`() async throws {
    let person = try await FakeOperator()
    try await deploy("A", person)
    person.host.change { $0.publish("B", .unhealthy) }
    try await deploy("B", person)
    person.host.change { $0.publish("B", id: "corrected") }
    await person.perform(.deploy(try person.plan("B")))
    guard
      case .deployments(_, left: let left, repaired: let repaired) = try await BatchToUndo.find(
        "one", in: person.ledger)
    else { throw Unexpected("nothing goes back") }
    #expect(left.isEmpty && repaired.map(\.id) == [3])
    await person.perform(.deploy(try person.plan("A")))
    guard case .deployments(_, _, repaired: let none) = try await BatchToUndo.find("one", in: person.ledger)
    else { throw Unexpected("nothing goes back") }
    #expect(none.isEmpty)
  }
}
