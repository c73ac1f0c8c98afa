import Ledger
import Platform
import TestSupport
import Testing

@testable import Deployer
@testable import Fakes

struct StatusReaderTests {
  private func read(_ person: FakeOperator, ledger: DeploymentLedger?, ahead: String = "2") async throws -> TargetStatus
  {
    let git = GitRepository(
      runner: CommandRunner { _, _ in CommandResult(status: 0, standardOutput: Array("\(ahead)\n".utf8)) },
      directory: "/", environment: [:])
    let reader = StatusReader(hosts: person.host.connector, git: git)
    return try #require(try await reader.read([try person.plan("A").target], ledger: ledger).first)
  }

  @Test func `what was deployed and still runs is in sync`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    let status = try await read(person, ledger: person.ledger)
    #expect(status.verdict == .inSync)
    #expect(status.services.map(\.service) == ["backend", "db"])
    #expect(status.services.first?.expected?.tag == "A")
  }

  @Test func `how far HEAD is ahead is asked for each deployed commit`() async throws {
    let person = try await FakeOperator()
    var plan = try person.plan("A")
    plan.commit = try GitSHA(String(repeating: "a", count: 40))
    await person.perform(.deploy(plan))
    let status = try await read(person, ledger: person.ledger, ahead: "7")
    #expect(status.services.map(\.commitsAhead) == [7, nil])
  }

  @Test func `fewer containers than the compose file asks for are not in sync`() async throws {
    let host = FakeHost { $0.replicas = ["backend": 3] }
    let person = try await FakeOperator(host)
    try await person.deploy("A")
    #expect(try await read(person, ledger: person.ledger).verdict == .inSync)
    host.change { state in
      if let last = state.containers.lastIndex(where: { $0.service == "backend" }) { state.containers.remove(at: last) }
    }
    let status = try await read(person, ledger: person.ledger)
    #expect(status.services.filter { $0.verdict == .missing }.map(\.service) == ["backend"])
    #expect(status.services.first { $0.service == "backend" }?.running != nil)
  }

  @Test func `a first look without a ledger tells of the one that the host knows, and names nothing to do`()
    async throws
  {
    let person = try await FakeOperator()
    #expect(try await read(person, ledger: nil).caveats == [])
    try await person.deploy("A")
    let status = try await read(person, ledger: nil)
    let known = "knows the ledger \(person.ledger.id), last written at"
    #expect(status.caveats.count == 1 && status.caveats.first?.contains(known) == true, "\(status.caveats)")
    #expect(status.nextSteps() == [])
  }

  @Test func `another image is drift, a missing container is missing`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { state in
      state.local["ghcr.io/u/backend:P"] = "sha256:backend-P"
      _ = state.replace("backend", "ghcr.io/u/backend:P", "sha256:backend-P")
    }
    #expect(try await read(person, ledger: person.ledger).verdict == .drifted)
    person.host.change { $0.containers = [] }
    #expect(try await read(person, ledger: person.ledger).verdict == .missing)
  }

  @Test func `that another ledger deployed last is said, and that this one has lost events`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    #expect(try await read(person, ledger: person.ledger).caveats == [])
    let other = try await FakeOperator(person.host)
    try await other.deploy("B")
    let status = try await read(person, ledger: person.ledger)
    #expect(status.verdict == .drifted)
    #expect(status.caveats.count == 1 && status.caveats[0].contains("was last deployed to with another ledger"))
    #expect(!status.isCertain)

    let old = "\(other.directory.path)/old.db"
    try FileManager.default.copyItem(atPath: other.ledger.path, toPath: old)
    try await other.deploy("C")
    let restored = try await read(person, ledger: try await DeploymentLedger.open(path: old, access: .readOnly))
    #expect(restored.caveats.count == 1 && restored.caveats[0].contains("the ledger was rolled back"))
    #expect(!restored.isCertain)
  }

  @Test func `without a ledger everything that runs is unrecorded`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    #expect(try await read(person, ledger: nil).verdict == .unrecorded)
  }

  @Test func `a host that is off is unreachable, and what it should run is still shown`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { $0.isUp = false }
    let status = try await read(person, ledger: person.ledger)
    #expect(status.verdict == .unreachable)
    #expect(status.error?.what == "backend.example.org refuses ssh connections")
    #expect(status.services.count == 2)
  }

  @Test func `an engine that is off is unreachable too, with the reason`() async throws {
    let person = try await FakeOperator(FakeHost { $0.isDockerUp = false })
    let status = try await read(person, ledger: nil)
    #expect(status.verdict == .unreachable)
    #expect(status.error?.what.hasPrefix("could not list the containers on backend.example.org") == true)
  }
}
