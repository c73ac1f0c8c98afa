import Ledger
import Platform
import Testing

@testable import Deployer
@testable import DeploymentModel
@testable import Fakes

extension NamedHistoryTests {
  // MARK: - What a rollback undoes

  @Test func `a rollback of one service undoes what changed that service`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { state in
      state.registry["ghcr.io/u/db:16"] = "sha256:db-16b"
      state.published.insert("sha256:db-16b")
    }
    try await person.deploy("A", ["db"])
    try await person.deploy("B", ["backend"])
    #expect(try await person.rollback(["db"]).isSuccess)
    #expect(person.host.change { $0.containers.first { $0.service == "db" }?.imageID } == "sha256:db-16")
    #expect(try await person.newest()?.start.undoes == 2)
  }

  @Test func `what somebody put there by hand is no deployment's`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { $0.run("backend", "P") }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running["backend"] == "B")
    #expect(try await person.newest()?.start.undoes == nil)
  }

  @Test func `a rollback does not undo the deployment that it goes to`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { $0.containers.removeAll { $0.service == "backend" } }
    #expect(try await person.rollback(to: .deployment(2)).isSuccess)
    #expect(person.host.running["backend"] == "B")
    #expect(try await person.newest()?.start.undoes == nil)
  }

  @Test func `what a hand put in place of a service that was taken away is nobody's to undo`() async throws {
    let person = try await FakeOperator(.workers())
    try await person.deploy("A", profiles: ["scale-2"])
    person.host.change { state in
      state.cut = .after(.scaleDown)
      state.hooks[.scaleDown] = { $0.isUp = false }
    }
    #expect(try await person.deploy("B").ended?.outcome == .unknown)
    person.host.change { state in
      state.isUp = true
      state.load("ghcr.io/u/worker-2:B", "sha256:worker-2-B")
      _ = state.replace("worker-2", "ghcr.io/u/worker-2:B", "sha256:worker-2-B")
    }
    #expect(try await person.rollback(["worker-2"]).isSuccess)
    #expect(person.host.running["worker-2"] == "A")
    #expect(try await person.newest()?.start.undoes == nil)
  }

  // MARK: - Batches

  @Test func `of a batch that changed nothing, that is said`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("A")
    let outcome = try await person.takeBack(2)
    guard case .nothingToRollBackTo(let lines, _) = outcome.refusal else { throw Unexpected("\(outcome)") }
    #expect(lines.contains { $0.contains("changed nothing") })
    #expect(person.host.running["backend"] == "A")
  }

  @Test func `a batch of rollbacks is not taken back`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    try await person.rollback()
    let outcome = try await person.takeBack(3)
    guard case .usage = outcome.refusal else { throw Unexpected("\(outcome)") }
    #expect(person.host.running["backend"] == "A")
  }

  // MARK: - Good again

  @Test func `a good version that somebody went back to by hand is good again`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    try await person.rollback()
    #expect(try await person.rollback(to: .tag(try ImageTag("B"))).isSuccess)
    #expect(person.host.running["backend"] == "B")
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running["backend"] == "A")
    #expect(try await person.newest()?.start.undoes == 4)
  }

  // MARK: - Nothing was changed

  @Test func `after a deployment that changed nothing there is nothing to roll back`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    try await person.deploy("nosuch")
    let outcome = try await person.rollback()
    guard case .nothingToRollBackTo(let lines, _) = outcome.refusal else { throw Unexpected("\(outcome)") }
    #expect(lines.contains { $0.contains("deployment 3 changed nothing") })
    #expect(person.host.running["backend"] == "B")
    #expect(try await person.rollback(["backend"]).isNothingToGoBackTo)
    #expect(try await person.rollback(to: .deployment(1)).isSuccess)
    #expect(person.host.running["backend"] == "A")
  }

  @Test func `a repair is one although a deployment before it failed without a container`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { state in
      state.containers.removeAll { $0.service == "backend" }
      state.cut = .before(.up)
    }
    #expect(try await person.deploy("B").ended?.outcome == .failed)
    try await person.deploy("B")
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running["backend"] == "A")
  }

  @Test(arguments: [[], ["backend"]] as [[String]])
  func `a bad version that was tried twice is gone back from`(services: [String]) async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    // Too slow for the deployment, and up in the end.
    person.host.change { $0.publish("slow", .slow(2000)) }
    try await person.deploy("slow")
    person.host.change { $0.publish("slow", .good) }
    person.host.change { $0.cut = .before(.up) }
    try await person.deploy("slow")
    try await person.deploy("nosuch")
    #expect(person.host.running["backend"] == "slow")
    #expect(try await person.rollback(services).isSuccess)
    #expect(person.host.running["backend"] == "A")
  }

  @Test func `the same after one that was refused on the host`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { $0.findings = [.noFlock] }
    await person.perform(.deploy(try person.plan("C")), recordsRefusal: true)
    person.host.change { $0.findings = [] }
    #expect(try await person.newest()?.id == 3)
    #expect(try await person.rollback().isNothingToGoBackTo)
    #expect(person.host.running["backend"] == "B")
  }

  @Test(arguments: [Operation.Fault.stoppedEarly, .killedEarly, .cutEarly, .killedBeforeUp, .cutBeforeUp])
  func `the same after one that was ended before anything changed`(fault: Operation.Fault) async throws {
    var stand = try await ModelStand(EmptyLedgers())
    _ = try await stand.outcome(of: .deploy(.init(tag: "A")))
    _ = try await stand.outcome(of: .deploy(.init(tag: "B")))
    _ = try await stand.outcome(of: .deploy(.init(tag: "C", fault: fault)))
    #expect(stand.host.running["backend"] == "B")
    #expect(try await stand.outcome(of: .rollback(.init()))?.isNothingToGoBackTo == true)
    #expect(stand.host.running["backend"] == "B")
  }

  @Test func `after a lost connection the image decides, not its tag, which may have moved`() async throws {
    var stand = try await ModelStand(EmptyLedgers())
    _ = try await stand.outcome(of: .deploy(.init(tag: "A")))
    _ = try await stand.outcome(of: .move(tag: "A"))
    let outcome = try await stand.outcome(of: .deploy(.init(tag: "A", fault: .cutBeforeUp)))
    #expect(stand.world(Seat()).containers["backend"]?.image.id == "sha256:backend-A")
    #expect(outcome?.ended?.outcome == .failed)
  }

  // MARK: - What need not restart

  @Test func `what runs its image already is not restarted, now or by the next deployment`() async throws {
    let person = try await FakeOperator(FakeHost { $0.namesMatter = true })
    for tag in ["A", "B", "C"] { try await person.deploy(tag) }
    let database = person.container("db")
    #expect(try await person.rollback(to: .deployment(2)).isSuccess)
    #expect(person.host.running["backend"] == "B")
    #expect(person.container("db") == database)
    #expect(try await person.newest()?.start.services == ["backend"])
    try await person.deploy("C")
    #expect(person.container("db") == database)
  }

  @Test func `where everything runs already there is nothing to do`() async throws {
    let person = try await FakeOperator(FakeHost { $0.namesMatter = true })
    try await person.deploy("A")
    let backend = person.container("backend")
    #expect(try await person.rollback(to: .deployment(1)).isNothingToGoBackTo)
    #expect(person.container("backend") == backend)
  }
}

// MARK: - Somebody who makes these histories

extension FakeHost {
  /// A worker, and another one under a profile.
  static func workers() -> FakeHost {
    of(["worker-1"], profiles: ["scale-2": ["worker-2"]])
  }

  /// Two services that take the tag.
  static func pair() -> FakeHost { of(["backend", "mcp"]) }

  private static func of(_ services: [String], profiles: [String: [String]] = [:]) -> FakeHost {
    FakeHost { state in
      state.services = services
      state.profiles = profiles
      state.fixedTags = [:]
      for tag in ["A", "B", "C", "P"] { state.publish(tag) }
      state.publish("bad", .unhealthy)
    }
  }
}

extension FakeHost.State {
  /// Starts a container by hand.
  mutating func run(_ service: String, _ tag: String) {
    let reference = Self.reference(service, tag)
    guard let id = registry[reference] else { return }
    load(reference, id)
    _ = replace(service, reference, id)
  }
}

extension FakeOperator {
  var explanation: [String] {
    progress.flatMap { progress -> [String] in if case .explanation(let lines) = progress { lines } else { [] } }
  }

  func container(_ service: String) -> String? {
    host.change { $0.containers.first { $0.service == service }?.id }
  }

  /// As `--batch` asks for on each target.
  func takeBack(_ deployment: Int64) async throws -> Fleet.Outcome {
    var request = try request()
    request.undoing = deployment
    return await perform(.rollback(request))
  }

  /// A deployment whose client is killed when `up` has ended.
  func deployAndDie(_ tag: String, _ services: [String]) async throws {
    let id = try await ledger.begin(try plan(tag).start(services: services, secrets: [])).id
    for service in services {
      let there = host.change { $0.containers.first { $0.service == service } }
      let image = there.map { ImageIdentity(reference: $0.reference, id: $0.imageID) }
      try await ledger.append(ImageRecord(service: service, before: image), to: id)
    }
    let step = StepRecord(name: "changing", startedAt: .now, durationMS: 0, exitStatus: 0, outcome: .succeeded)
    try await ledger.append(step, to: id)
    host.change { state in for service in services { state.run(service, state.fixedTags[service] ?? tag) } }
  }
}

extension Fleet.Outcome {
  var isNothingToGoBackTo: Bool { if case .nothingToRollBackTo = refusal { true } else { false } }
}
