import Platform
import Synchronization

@testable import Deployer
@testable import Fakes
@testable import Ledger

/// The real code over two fake hosts, one for each target, and real ledgers of two people, for one history.
struct ModelStand: ModelPlace {
  let host: FakeHost
  let secondHost: FakeHost
  private let directory: MemoryDirectory
  private(set) var ledger: DeploymentLedger
  private var colleagues: DeploymentLedger?
  private let empty: EmptyLedgers
  private var copies = 0
  private var moves = 0

  init(_ empty: EmptyLedgers) async throws {
    (host, secondHost) = (Self.makeHost(), Self.makeHost())
    directory = try MemoryDirectory()
    self.empty = empty
    ledger = try await empty.open(in: directory, ofColleague: false)
  }

  private static func makeHost() -> FakeHost {
    FakeHost { state in
      state.services = ModelStack.always
      for (service, name) in ModelStack.newNames { state.repositories[name] = service }
      state.profiles = ModelStack.profiles
      for tag in ModelStack.databaseTags.reversed() {
        state.fixedTags = ["db": tag]
        state.publish("A")
      }
      state.namesMatter = true
      for tag in ["A", "B", "C", "D", "P"] { state.publish(tag) }
      state.publish("bad", .unhealthy)
      state.publish("crash", .crashing)
    }
  }

  private func host(ofSecond isSecond: Bool) -> FakeHost { isSecond ? secondHost : host }

  /// Either host, by the target.
  private var hosts: HostConnector {
    HostConnector { [host, secondHost] target, body in
      try await (target.name == ModelAdapter.secondName ? secondHost : host).connector.open(target, body)
    }
  }

  func world(_ seat: Seat) -> ModelWorld {
    let id = ledger(ofColleague: seat.isColleague)?.id
    return host(ofSecond: seat.isSecond).change { state in
      var world = ModelWorld(
        local: Set(state.local.values), registry: state.registry, published: state.published,
        isRegistryUp: state.isRegistryUp)
      world.names = state.local
      world.isLastOfAnother = state.anchors.last.map { !$0.contains(" \(id ?? "none") ") } ?? false
      for (id, behaviour) in state.behaviours {
        if case .good = behaviour { continue }
        world.bad.insert(id)
      }
      (world.unstartable, world.uncreatable) = (state.unstartable, state.uncreatable)
      for container in state.containers {
        // What was created in vain is nobody's container beside one that has run.
        guard !container.name.contains("_") || !state.containers.contains(where: { $0.name == container.service })
        else {
          continue
        }
        world.containers[container.service] = ModelWorld.Container(
          id: container.id,
          image: ModelImage(id: container.imageID, tag: ImageName(container.reference).tag ?? ""),
          reference: container.reference, isRunning: container.state == "running",
          isBroken: state.brokenContainers.contains(container.id), hasRun: container.state != "created",
          tagVariable: state.tagVariables[container.id], label: state.shownTags[container.id])
      }
      return world
    }
  }

  mutating func perform(_ operation: Operation, _ seat: Seat) async throws -> ModelAnswer {
    guard let (outcome, wasKilled) = try await carryOut(operation, seat) else {
      return ModelAnswer(kind: .none)
    }
    var answer = ModelAnswer(outcome)
    if let fault = operation.fault, fault.isAtRemoval || fault == .killedAfterPull { answer.wasDisturbed = wasKilled }
    return answer
  }

  mutating func perform(_ batch: Operation.Batch) async throws -> ModelBatchAnswer {
    var requests: [DeployRequest] = []
    let name = UUID().uuidString.lowercased()
    var fault: Operation.Fault?
    switch batch.request {
    case .deploy(let deploy):
      fault = deploy.fault
      requests = try [false, true].map { .deploy(try ModelAdapter.plan(deploy, ofSecond: $0, batch: name)) }
    case .undo(let id):
      switch try await BatchToUndo.find("\(id)", in: ledger) {
      case .deployments(let found, _, _):
        requests = try found.map { deployment in
          let isSecond = deployment.start.target == ModelAdapter.secondName.value
          let undo = Operation.Rollback(undoing: deployment.id)
          return .rollback(try ModelAdapter.rollback(undo, ofSecond: isSecond, batch: name))
        }
      case .unchanged, .unsuccessful: return .refused(.nothingToGoBackTo)
      case .unknown, .rollback: return .refused(.usage)
      }
    }
    var fleet = Fleet()
    fleet.usesCanary = batch.usesCanary
    // With rollbacks of their own, which record gets which number would be anybody's guess.
    if case .deploy(let deploy) = batch.request, deploy.rollsBack { fleet.maxParallel = 1 }
    let stop = StopSignal()
    host.change { $0.prepare(fault, stop: stop) {} }
    let context = context(stop, ledger)
    let outcomes = await fleet.run(requests) { request in
      let deployment = TargetDeployment(request, in: context, validates: false, recordsRefusal: true)
      do throws(DeployFailure) { return .success(try await deployment.perform()) } catch { return .failure(error) }
    }
    _ = host.change { $0.recover() }
    for host in [host, secondHost] { host.change { $0.letTimePass() } }
    let answers = [false, true].map { isSecond in
      let name = ModelAdapter.name(ofSecond: isSecond)
      return zip(requests, outcomes).first { $0.0.target.name == name }.map { ModelAnswer($0.1) }
        ?? ModelAnswer(kind: .skipped)
    }
    return ModelBatchAnswer(targets: answers)
  }

  /// Does it; returns what a deployment or a rollback came to.
  mutating func outcome(of operation: Operation) async throws -> Fleet.Outcome? {
    try await carryOut(operation, Seat())?.outcome
  }

  private mutating func carryOut(
    _ operation: Operation, _ seat: Seat
  ) async throws -> (outcome: Fleet.Outcome, wasKilled: Bool)? {
    let host = host(ofSecond: seat.isSecond)
    defer { host.change { $0.letTimePass() } }
    switch operation {
    case .deploy(let deploy):
      let plan = try ModelAdapter.plan(deploy, ofSecond: seat.isSecond)
      return try await run(.deploy(plan), deploy.fault, on: host, ofColleague: seat.isColleague)
    case .rollback(let rollback):
      let request = try ModelAdapter.rollback(rollback, ofSecond: seat.isSecond)
      return try await run(.rollback(request), rollback.fault, on: host, ofColleague: seat.isColleague)
    default:
      moves += 1
      host.change { [moves] in $0.byHand(operation, moves) }
      return nil
    }
  }

  // MARK: - Deployments

  private func ledger(ofColleague isColleague: Bool) -> DeploymentLedger? { isColleague ? colleagues : ledger }

  /// The colleague's is there once they do something.
  private mutating func openLedger(ofColleague isColleague: Bool) async throws -> DeploymentLedger {
    if let ledger = ledger(ofColleague: isColleague) { return ledger }
    let opened = try await empty.open(in: directory, ofColleague: true)
    colleagues = opened
    return opened
  }

  private mutating func keep(_ ledger: DeploymentLedger, ofColleague isColleague: Bool) {
    if isColleague { colleagues = ledger } else { self.ledger = ledger }
  }

  private func context(_ stop: StopSignal, _ ledger: DeploymentLedger) -> DeploymentContext {
    DeploymentContext(
      hosts: hosts, secrets: SecretStore(OnePassword(runner: FakeOperator.onePassword, environment: [:])),
      ledger: ledger, stop: stop, progress: { _ in }, time: .elapsing)
  }

  private mutating func run(
    _ request: DeployRequest, _ fault: Operation.Fault?, on host: FakeHost, ofColleague isColleague: Bool
  ) async throws -> (Fleet.Outcome, wasKilled: Bool) {
    let ledger = try await openLedger(ofColleague: isColleague)
    let stop = StopSignal()
    copies += 1
    let copy = "\(directory.path)/ledger-\(copies).db"
    let original = ledger.path
    host.change { $0.prepare(fault, stop: stop) { DeploymentLedger.copy(original, to: copy) } }
    if fault == .endRefused { try await ledger.refuseEnds() }
    let outcome: Fleet.Outcome
    do throws(DeployFailure) {
      outcome = .success(try await TargetDeployment(request, in: context(stop, ledger), validates: true).perform())
    } catch {
      outcome = .failure(error)
    }
    let wasKilled = host.change { $0.recover() }
    if fault == .endRefused {
      try await ledger.acceptEnds()
      try await ledger.unlock()
      // The next command records the end.
      keep(try await DeploymentLedger.openQuick(original), ofColleague: isColleague)
    }
    guard wasKilled else { return (outcome, false) }
    for end in ["", ".id", "-ballast"] { try? FileManager.default.removeItem(atPath: original + end) }
    // What the next command does first.
    _ = await OrphanedDeployments(in: try await DeploymentLedger.open(path: copy, access: .readWrite)).settle()
    keep(try await DeploymentLedger.openQuick(copy), ofColleague: isColleague)
    return (outcome, true)
  }

  // MARK: - What is on record

  func records(after id: Int64, ofColleague isColleague: Bool) async throws -> [ModelRecord] {
    guard let ledger = ledger(ofColleague: isColleague) else { return [] }
    var found: [ModelRecord] = []
    for deployment in try await ledger.history(HistoryFilter(limit: 8)).reversed() where deployment.id > id {
      found.append(ModelRecord(deployment, try await ledger.images(of: deployment.id)))
    }
    return found
  }

  func damage(ofColleague isColleague: Bool) async throws -> String? {
    guard let ledger = ledger(ofColleague: isColleague) else { return nil }
    let proof = try await ledger.verify()
    return proof.verdict == .proven ? nil : "\(proof.problems)"
  }

  func status(_ seat: Seat) async throws -> [String: Verdict] {
    let services = try await targetStatus(seat)?.services ?? []
    return Dictionary(services.map { ($0.service, $0.verdict) }) { first, _ in first }
  }

  func targetStatus(_ seat: Seat) async throws -> TargetStatus? {
    guard let ledger = ledger(ofColleague: seat.isColleague) else { return nil }
    let git = GitRepository(
      runner: CommandRunner { _, _ in CommandResult(status: 1) }, directory: "/", environment: [:])
    let reader = StatusReader(hosts: hosts, git: git)
    return try await reader.read([try ModelAdapter.target(isSecond: seat.isSecond)], ledger: ledger).first
  }

  /// Nothing outside the target keeps a deployment from succeeding any more.
  func mend(_ seat: Seat) {
    host(ofSecond: seat.isSecond).change { state in
      (state.unstartable, state.uncreatable, state.isRegistryUp) = ([], [], true)
    }
  }

  /// Somebody corrects the compose file.
  func correctFiles(_ seat: Seat) { host(ofSecond: seat.isSecond).change { $0.broken = [] } }
}

extension DeploymentContext {
  fileprivate init(
    hosts: HostConnector, secrets: SecretStore, ledger: DeploymentLedger, stop: StopSignal,
    progress: @escaping @Sendable (Progress) -> Void, time: TimeSource
  ) {
    self.init(hosts: hosts, secrets: secrets, ledger: ledger, stop: stop, progress: progress)
    self.time = time
  }
}

extension TimeSource {
  /// Passes only when somebody sleeps.
  fileprivate static var elapsing: TimeSource {
    let elapsed = ElapsedTime()
    let start = ContinuousClock().now
    return TimeSource(
      date: { Date() }, now: { start + elapsed.value.withLock { $0 } },
      sleep: { pause in
        elapsed.value.withLock { $0 += pause }
        await Task.yield()
      })
  }
}

private final class ElapsedTime: Sendable {
  let value = Mutex(Duration.zero)
}
