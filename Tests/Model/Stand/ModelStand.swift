import Platform
import Synchronization

@testable import Deployer
@testable import Fakes
@testable import Ledger

/// The real code over two fake hosts, one for each target, and a real ledger, for one history.
struct ModelStand: ModelPlace {
  let host: FakeHost
  let secondHost: FakeHost
  private let directory: MemoryDirectory
  private(set) var ledger: DeploymentLedger
  private var copies = 0
  private var moves = 0

  init(_ empty: EmptyLedger) async throws {
    (host, secondHost) = (Self.makeHost(), Self.makeHost())
    directory = try MemoryDirectory()
    empty.copy(to: "\(directory.path)/ledger.db")
    ledger = try await DeploymentLedger.openQuick("\(directory.path)/ledger.db")
  }

  private static func makeHost() -> FakeHost {
    FakeHost { state in
      state.services = ModelStack.always
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

  func world(ofSecond isSecond: Bool) -> ModelWorld {
    host(ofSecond: isSecond).change { state in
      var world = ModelWorld(
        local: Set(state.local.values), registry: state.registry, published: state.published,
        isRegistryUp: state.isRegistryUp)
      for (id, behaviour) in state.behaviours {
        if case .good = behaviour { continue }
        world.bad.insert(id)
      }
      for container in state.containers {
        world.containers[container.service] = ModelWorld.Container(
          id: container.id,
          image: ModelImage(id: container.imageID, tag: ImageName(container.reference).tag ?? ""),
          reference: container.reference, isRunning: container.state == "running",
          isBroken: state.brokenContainers.contains(container.id))
      }
      return world
    }
  }

  mutating func perform(_ operation: Operation, onSecond: Bool) async throws -> ModelAnswer {
    guard let (outcome, wasKilled) = try await carryOut(operation, onSecond: onSecond) else {
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
      case .deployments(let found):
        requests = try found.map { deployment in
          let isSecond = deployment.start.target == ModelAdapter.secondName.value
          let undo = Operation.Rollback(undoing: deployment.id)
          return .rollback(try ModelAdapter.rollback(undo, ofSecond: isSecond, batch: name))
        }
      case .unchanged: return .refused(.nothingToGoBackTo)
      case .unknown, .rollback, .unsuccessful: return .refused(.usage)
      }
    }
    var fleet = Fleet()
    fleet.usesCanary = batch.usesCanary
    // With rollbacks of their own, which record gets which number would be anybody's guess.
    if case .deploy(let deploy) = batch.request, deploy.rollsBack { fleet.maxParallel = 1 }
    let stop = StopSignal()
    host.change { $0.prepare(fault, stop: stop) {} }
    let context = context(stop)
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
    try await carryOut(operation, onSecond: false)?.outcome
  }

  private mutating func carryOut(
    _ operation: Operation, onSecond: Bool
  ) async throws -> (outcome: Fleet.Outcome, wasKilled: Bool)? {
    let host = host(ofSecond: onSecond)
    defer { host.change { $0.letTimePass() } }
    switch operation {
    case .deploy(let deploy):
      return try await run(.deploy(try ModelAdapter.plan(deploy, ofSecond: onSecond)), deploy.fault, on: host)
    case .rollback(let rollback):
      return try await run(
        .rollback(try ModelAdapter.rollback(rollback, ofSecond: onSecond)), rollback.fault, on: host)
    default:
      moves += 1
      host.change { [moves] in $0.byHand(operation, moves) }
      return nil
    }
  }

  // MARK: - Deployments

  private func context(_ stop: StopSignal) -> DeploymentContext {
    DeploymentContext(
      hosts: hosts, secrets: SecretStore(OnePassword(runner: FakeOperator.onePassword, environment: [:])),
      ledger: ledger, stop: stop, progress: { _ in }, time: .elapsing)
  }

  private mutating func run(
    _ request: DeployRequest, _ fault: Operation.Fault?, on host: FakeHost
  ) async throws -> (Fleet.Outcome, wasKilled: Bool) {
    let stop = StopSignal()
    copies += 1
    let copy = "\(directory.path)/ledger-\(copies).db"
    let original = ledger.path
    host.change { $0.prepare(fault, stop: stop) { DeploymentLedger.copy(original, to: copy) } }
    if fault == .endRefused { try await ledger.refuseEnds() }
    let outcome: Fleet.Outcome
    do throws(DeployFailure) {
      outcome = .success(try await TargetDeployment(request, in: context(stop), validates: true).perform())
    } catch {
      outcome = .failure(error)
    }
    let wasKilled = host.change { $0.recover() }
    if fault == .endRefused {
      try await ledger.acceptEnds()
      try await ledger.unlock()
      // The next command records the end.
      ledger = try await DeploymentLedger.openQuick(original)
    }
    guard wasKilled else { return (outcome, false) }
    for end in ["", ".id", "-ballast"] { try? FileManager.default.removeItem(atPath: original + end) }
    // What the next command does first.
    _ = await OrphanedDeployments(in: try await DeploymentLedger.open(path: copy, access: .readWrite)).settle()
    ledger = try await DeploymentLedger.openQuick(copy)
    return (outcome, true)
  }

  // MARK: - What is on record

  func records(after id: Int64) async throws -> [ModelRecord] {
    var found: [ModelRecord] = []
    for deployment in try await ledger.history(HistoryFilter(limit: 8)).reversed() where deployment.id > id {
      found.append(ModelRecord(deployment, try await ledger.images(of: deployment.id)))
    }
    return found
  }

  func damage() async throws -> String? {
    let proof = try await ledger.verify()
    return proof.verdict == .proven ? nil : "\(proof.problems)"
  }

  func status(ofSecond isSecond: Bool) async throws -> [String: Verdict] {
    let git = GitRepository(
      runner: CommandRunner { _, _ in CommandResult(status: 1) }, directory: "/", environment: [:])
    let reader = StatusReader(hosts: hosts, git: git)
    let status = try await reader.read([try ModelAdapter.target(isSecond: isSecond)], ledger: ledger).first
    return Dictionary(status?.services.map { ($0.service, $0.verdict) } ?? []) { first, _ in first }
  }
}

extension ModelRecord {
  fileprivate init(_ deployment: Deployment, _ images: [ImageRecord]) {
    let start = deployment.start
    self.init(
      id: deployment.id, kind: start.kind, outcome: deployment.outcome ?? .unknown, services: Set(start.services),
      profiles: Set(start.profiles), tags: Set([start.tag].compactMap { $0 }), undoes: start.undoes)
    isOfSecond = start.target == ModelAdapter.secondName.value
    batch = start.batch
    for image in images {
      let row = Row(before: image.before.map(ModelImage.init), after: image.after.map(ModelImage.init))
      if row.before != nil || row.after != nil { rows[image.service] = row }
    }
  }
}

extension ModelAnswer {
  fileprivate init(_ outcome: Fleet.Outcome) {
    switch outcome {
    case .success: self.init(kind: .begun)
    case .failure(.skipped): self.init(kind: .skipped)
    case .failure(let failure):
      self.init(kind: ModelAdapter.refusal(failure).map { .refused($0) } ?? .other("\(failure)"))
    }
  }

}

extension ModelBatchAnswer {
  fileprivate static func refused(_ refusal: ReferenceModel.Refusal) -> ModelBatchAnswer {
    ModelBatchAnswer(targets: [false, true].map { _ in ModelAnswer(kind: .refused(refusal)) })
  }
}

extension ModelImage {
  fileprivate init(_ image: ImageIdentity) {
    self.init(id: image.id, tag: ImageName(image.reference).tag ?? "")
  }
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
