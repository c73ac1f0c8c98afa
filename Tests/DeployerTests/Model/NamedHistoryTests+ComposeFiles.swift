import Ledger
import Synchronization
import Testing

@testable import Deployer
@testable import Fakes

/// Histories in which somebody edits the compose files between two deployments.
extension NamedHistoryTests {
  /// Two services at B, after A.
  func person(_ services: [String] = ["backend", "mcp"]) async throws -> FakeOperator {
    let host = FakeHost { state in
      state.services = services
      for tag in ["A", "B", "C"] { state.publish(tag) }
    }
    let person = try await FakeOperator(host)
    try await person.deploy("A")
    try await person.deploy("B")
    return person
  }

  func verdicts(_ person: FakeOperator) async throws -> [String: Verdict] {
    let services = try await status(person)?.services ?? []
    return Dictionary(services.map { ($0.service, $0.verdict) }) { first, _ in first }
  }

  func status(_ person: FakeOperator) async throws -> TargetStatus? {
    let git = GitRepository(
      runner: CommandRunner { _, _ in CommandResult(status: 1) }, directory: "/", environment: [:])
    let reader = StatusReader(hosts: person.host.connector, git: git)
    return try await reader.read([try person.plan("A").target], ledger: person.ledger).first
  }

  @Test func `a service that was taken out of the files is orphaned, and not expected once it is removed`()
    async throws
  {
    let person = try await person()
    person.host.change { $0.services = ["backend"] }
    #expect(try await person.deploy("C").isSuccess)
    #expect(try await verdicts(person) == ["backend": .inSync, "mcp": .orphaned])
    person.host.change { $0.containers.removeAll { $0.service == "mcp" } }
    #expect(try await verdicts(person) == ["backend": .inSync])
    person.host.change { $0.containers.removeAll { $0.service == "backend" } }
    #expect(try await verdicts(person) == ["backend": .missing])
  }

  @Test func `a rollback leaves a service alone that the files no longer have`() async throws {
    let person = try await person()
    person.host.change { state in
      state.services = ["backend"]
      state.containers.removeAll { $0.service == "mcp" }
    }
    let refusal = try #require(try await person.rollback(["mcp"]).refusal)
    #expect("\(refusal)".contains("has no service mcp"))
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A"])
    #expect(try await person.newest()?.start.services == ["backend"])
    #expect(try await person.rollback(to: .deployment(2)).isSuccess)
    #expect(person.host.running == ["backend": "B"])
  }

  @Test func `where nothing is left to go back, the rollback says that the files no longer have it`() async throws {
    let person = try await person()
    try await person.deploy("C", ["mcp"])
    person.host.change { $0.services = ["backend"] }
    let refusal = try #require(try await person.rollback().refusal)
    #expect("\(refusal)".contains("mcp: the compose file no longer has it, left alone"))
    #expect(person.host.running == ["backend": "B", "mcp": "C"])
  }

  @Test func `what a deployment brought is removed after the files were taken back, too`() async throws {
    let person = try await person()
    person.host.change { state in
      state.services = ["backend", "mcp", "cache"]
      state.publish("C")
    }
    #expect(try await person.deploy("C").isSuccess)
    person.host.change { $0.services = ["backend", "mcp"] }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "B", "mcp": "B"])
    #expect(!person.progress.contains { "\($0)".contains("no longer has cache") })
    #expect(try await verdicts(person) == ["backend": .inSync, "mcp": .inSync])
  }

  @Test func `a service that runs its last good image is not taken away`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    // The database is edited in the files, deployed with a bad backend, and taken back.
    person.host.change { state in
      state.fixedTags = ["db": "17"]
      state.publish("bad", .unhealthy)
    }
    #expect(try await person.deploy("bad").ended?.outcome == .failed)
    person.host.change { $0.fixedTags = ["db": "16"] }
    try await person.deploy("B")
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "db": "16"])
    #expect(person.progress.contains { "\($0)".contains("db: back on what it ran before deployment 2, left alone") })
  }

  @Test func `where the files broke a good image, an older one is no way back`() async throws {
    let person = try await person()
    person.host.change { state in
      state.behaviours["sha256:backend-B"] = .unhealthy
      state.services = ["backend"]
    }
    #expect(try await person.deploy("B").ended?.outcome == .failed)
    let refusal = try #require(try await person.rollback().refusal)
    #expect("\(refusal)".contains("deployment 3 changed no image, but the compose file has changed since deployment 2"))
    #expect(person.host.running == ["backend": "B", "mcp": "B"])
    // With the files that it was good with, the image is to blame.
    person.host.change { $0.services = ["backend", "mcp"] }
    #expect(try await person.deploy("B").ended?.outcome == .failed)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "mcp": "A"])
  }

  @Test func `a repair is no change: the rollback after it takes back the change before`() async throws {
    let person = try await person()
    person.host.change { $0.containers.removeAll { $0.service == "mcp" } }
    #expect(try await person.rollback(["mcp"], to: .deployment(2)).isSuccess)
    #expect(person.host.running == ["backend": "B", "mcp": "B"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "mcp": "A"])
  }

  @Test func `what a deployment merely saw is not what should run`() async throws {
    let person = try await person()
    try await person.deploy("C", ["mcp"])
    person.host.change { $0.run("mcp", "A") }
    try await person.deploy("C", ["backend"])
    #expect(try await verdicts(person) == ["backend": .inSync, "mcp": .drifted])
    // A deployment of everything under other profiles sees it as well.
    person.host.change { state in
      state.profiles = ["tools": ["mcp"]]
      state.services = ["backend"]
    }
    try await person.deploy("C")
    #expect(try await verdicts(person) == ["backend": .inSync, "mcp": .drifted])
  }

  @Test func `the automatic rollback does not claim more than images can do`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { $0.behaviours["sha256:db-16"] = .unhealthy }
    let mixed = try #require(try await person.deploy("B", rollsBack: true).ended)
    #expect(mixed.recovery.map(\.outcome) == [.failed])
    #expect(mixed.recovery.first?.reason?.contains("db stays as it is: its image did not change") == true)
    #expect(person.host.running == ["backend": "A", "db": "16"])
    let same = try #require(try await person.deploy("A", rollsBack: true).ended)
    #expect(same.outcome == .failed && same.recovery.isEmpty)
    #expect(person.progress.contains(.warning("nothing is rolled back: no image changed")))
  }

  @Test func `after another ledger's deployment a rollback does not guess, and a dry run says so`() async throws {
    let person = try await person()
    let other = try await FakeOperator(person.host)
    try await other.deploy("C")
    let refusal = try #require(try await person.rollback().refusal)
    #expect("\(refusal)".contains("another ledger has the last deployment of core"))
    #expect(person.host.running == ["backend": "C", "mcp": "C"])
    let said = Mutex<[Progress]>([])
    let dryRun = DryRun(
      hosts: person.host.connector, secrets: person.secrets(), ledger: person.ledger, validates: true,
      progress: { progress in said.withLock { $0.append(progress) } })
    _ = try await dryRun.perform(.deploy(try person.plan("B")))
    #expect(said.withLock { "\($0)" }.contains("was last deployed to with another ledger"))
    #expect(try await person.rollback(to: .deployment(2)).isSuccess)
  }

  @Test(arguments: [true, false])
  func `a target that was moved and moved back is told, and one whose host has another name is not`(
    isElsewhere: Bool
  ) async throws {
    let person = try await person()
    let before = person.host.change { $0.containers }
    var plan = try person.plan("C")
    plan.target.host = try HostName("elsewhere.example.org")
    #expect(await person.perform(.deploy(plan)).isSuccess)
    if isElsewhere {
      person.host.change { state in
        state.containers = before
        state.anchors.removeLast()
      }
    }
    let refusal = try await person.rollback().refusal
    let what =
      "deployment 3 of core went to /opt/core on elsewhere.example.org; what runs in /opt/core on backend.example.org is "
      + "from an earlier one"
    #expect((refusal.map { "\($0)" } ?? "").contains(what) == isElsewhere)
    #expect(person.host.running["backend"] == "B")
    #expect(try await status(person)?.caveats == (isElsewhere ? [what] : []))
  }

  @Test func `a stack in a new place is told, and not rolled back to what ran in the old one`() async throws {
    let person = try await person()
    person.host.change { $0.containers = [] }
    var plan = try person.plan("B")
    plan.target.directory = "/opt/new"
    var request = try person.request()
    request.target = plan.target
    let refusal = try #require(await person.perform(.rollback(request)).refusal)
    let former = "deployment 2 of core went to /opt/core on backend.example.org, and nothing of it runs in /opt/new"
    #expect("\(refusal)".contains(former))
    #expect(await person.perform(.deploy(plan)).isSuccess)
    #expect(person.progress.contains { "\($0)".contains(former) })
  }

  @Test func `a target with a new name is told where its past is, and not rolled back`() async throws {
    let person = try await person()
    var plan = try person.plan("B")
    plan.target.name = try TargetName("shop")
    var request = try person.request()
    request.target = plan.target
    let refusal = try #require(await person.perform(.rollback(request)).refusal)
    #expect("\(refusal)".contains("is recorded as shop; deployment 2 went there as core"))
    #expect(await person.perform(.deploy(plan)).isSuccess)
    #expect(person.progress.contains { "\($0)".contains("deployment 2 went there as core") })
  }

  @Test func `a second rollback in a row says that it goes further back, and a removal who depends on what goes`()
    async throws
  {
    let person = try await person()
    try await person.deploy("C")
    #expect(try await person.rollback().isSuccess)
    #expect(try await person.rollback().isSuccess)
    #expect(person.progress.contains { "\($0)".contains("the newest change is rollback 4: this goes further back") })
    person.host.change { state in
      state.services.append("cache")
      state.publish("D")
      state.fields["backend"] = #""depends_on": {"cache": {"condition": "service_started"}}"#
    }
    try await person.deploy("D")
    #expect(try await person.rollback().isSuccess)
    #expect(person.progress.contains { "\($0)".contains("compose file backend depends on it") })
  }

  @Test func `who edits the file while a deployment is under way stops it before it changes anything`() async throws {
    let person = try await person()
    person.host.change { state in state.hooks[.pull] = { $0.services.append("cache") } }
    let ended = try #require(try await person.deploy("C").ended)
    #expect(ended.outcome == .failed)
    #expect(ended.reason?.contains("the compose file of core was edited while the deployment was under way") == true)
    #expect(person.host.running == ["backend": "B", "mcp": "B"])
    #expect(try await !person.steps(of: ended.deployment).contains("changing"))
  }

  @Test func `what a deployment of everything leaves alone, or takes away, is named`() async throws {
    let person = try await FakeOperator(.workers())
    try await person.deploy("A")
    try await person.deploy("A", ["worker-2"])
    try await person.deploy("B")
    #expect(person.host.running == ["worker-1": "B", "worker-2": "A"])
    let stays = "worker-2: not covered, stays on A, as profile scale-2 is not asked for"
    #expect(person.progress.contains(.explanation([stays])))
    try await person.deploy("C", profiles: ["scale-2"])
    try await person.deploy("C")
    #expect(person.host.running == ["worker-1": "C"])
    let goes = "worker-2: stopped and removed once the others are healthy, as profile scale-2 is not asked for"
    #expect(person.progress.contains(.explanation([goes])))
  }

  @Test func `what took a renamed service's place is not taken away while that cannot come back`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { state in
      state.services = ["site", "db"]
      state.publish("A")
    }
    try await person.deploy("A")
    person.host.change { $0.containers.removeAll { $0.service == "backend" } }
    let refusal = try #require(try await person.rollback().refusal)
    #expect("\(refusal)".contains("backend: ran before, and the compose file no longer has it"))
    #expect(person.host.running == ["site": "A", "db": "16"])
  }
}
