import Ledger
import Platform
import Testing

@testable import Deployer
@testable import Fakes

struct RecorderTests {
  private func step(_ name: StepName, _ output: String..., status: Int32? = 0) -> FinishedStep {
    FinishedStep(name: name, startedAt: Date(), milliseconds: 1, status: status, output: output)
  }

  private func recorder(_ person: FakeOperator, _ needles: NeedleSet = .empty) async throws -> (Recorder, Int64) {
    let id = try await person.ledger.begin(try person.plan("A").start(services: ["backend"], secrets: [])).id
    return (Recorder(ledger: person.ledger, deployment: id, needles: needles), id)
  }

  @Test func `a step is recorded as it ends, unless nothing follows it on the host`() async throws {
    let person = try await FakeOperator()
    let (recorder, id) = try await recorder(person)
    await recorder.stepEnded(step(.login))
    #expect(try await person.steps(of: id) == ["login"])
    await recorder.stepEnded(step(.pull))
    #expect(try await person.steps(of: id) == ["login"])
    try await recorder.hostWillChange(from: .nothing, services: [])
    #expect(try await person.steps(of: id) == ["login", "pull", "changing"])
    await recorder.stepEnded(step(.health))
    try await recorder.flush()
    #expect(try await person.steps(of: id).last == "health")
  }

  @Test func `what waits is recorded with the end`() async throws {
    let person = try await FakeOperator()
    let (recorder, id) = try await recorder(person)
    await recorder.stepEnded(step(.health))
    try await recorder.finish(.succeeded, services: [], composeDigest: nil, milliseconds: 5)
    #expect(try await person.steps(of: id) == ["health"])
    #expect(try await person.ledger.deployment(id)?.outcome == .succeeded)
  }

  @Test func `a secret is redacted from output, reason and images`() async throws {
    let person = try await FakeOperator()
    let needles = NeedleSet([("A", Secret("correct horse battery"))])
    let (recorder, id) = try await recorder(person, needles)
    await recorder.stepEnded(step(.up, "before correct horse battery after"))
    var end = DeploymentEnd.failed("it said correct horse battery")
    end.before = .of(.of("backend", reference: "r/correct horse battery:1"))
    try await recorder.finish(end, services: ["backend"], composeDigest: nil, milliseconds: 5)
    #expect(try await person.ledger.steps(of: id).first?.output == "before [REDACTED] after")
    #expect(try await person.ledger.deployment(id)?.reason == "it said [REDACTED]")
    #expect(try await person.ledger.images(of: id).first?.before?.reference == "r/[REDACTED]:1")
  }

  @Test func `of a long output the end is kept`() async throws {
    let person = try await FakeOperator()
    let (recorder, id) = try await recorder(person)
    await recorder.stepEnded(step(.up, String(repeating: "x", count: 100_000) + "the end"))
    let output = try #require(try await person.ledger.steps(of: id).first?.output)
    #expect(output.hasPrefix("…x"))
    #expect(output.hasSuffix("the end"))
    #expect(output.utf8.count < 17_000)
  }

  @Test func `a host that writes without end does not fill the ledger`() async throws {
    let person = try await FakeOperator()
    let (recorder, id) = try await recorder(person)
    for _ in 0..<80 { await recorder.stepEnded(step(.up, String(repeating: "x", count: 20_000))) }
    let outputs = try await person.ledger.steps(of: id).map { $0.output ?? "" }
    #expect(outputs.count == 80)
    #expect(outputs.reduce(0) { $0 + $1.utf8.count } < Recorder.totalOutputLimit + 80 * 100)
    #expect(outputs.last == "[withheld: this deployment has recorded 1048576 bytes of output]")
  }

  @Test func `a ledger that takes no step stops what would follow`() async throws {
    let person = try await FakeOperator()
    let (recorder, id) = try await recorder(person)
    try await person.ledger.finish(id, Finish(outcome: .interrupted, durationMS: 0))
    await recorder.stepEnded(step(.login))
    await #expect(throws: LedgerError.self) { try await recorder.hostWillChange(from: .nothing, services: []) }
    await #expect(throws: LedgerError.self) { try await recorder.flush() }
  }
}
