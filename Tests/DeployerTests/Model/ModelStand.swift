import Ledger
import Platform
import Synchronization

@testable import Deployer
@testable import DeploymentModel

/// A directory in memory, where there is one: the ledger waits for the disk at every step.
final class MemoryDirectory: Sendable {
  let path: String

  init() throws {
    let memory = "/dev/shm"
    let place =
      FileManager.default.isWritableFile(atPath: memory) ? memory : FileManager.default.temporaryDirectory.path
    path = "\(place)/ktrdr-model-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// The real code over a fake host and a real ledger, for one history.
struct ModelStand: ModelPlace {
  let host: FakeHost
  private let directory: MemoryDirectory
  private(set) var ledger: DeploymentLedger
  private var copies = 0
  private var moves = 0

  init() async throws {
    host = FakeHost { state in
      state.services = ModelStack.always
      state.profiles = ModelStack.profiles
      state.fixedTags = ModelStack.fixedTags
      state.namesMatter = true
      for tag in ["A", "B", "C", "D", "P"] { state.publish(tag) }
      state.publish("bad", .unhealthy)
      state.publish("crash", .crashing)
    }
    directory = try MemoryDirectory()
    ledger = try await DeploymentLedger.open(path: "\(directory.path)/ledger.db", access: .readWrite)
  }

  /// What is the case now.
  var world: ModelWorld {
    host.change { state in
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
          reference: container.reference, isRunning: container.state == "running")
      }
      return world
    }
  }

  mutating func perform(_ operation: Operation) async throws -> ModelAnswer {
    switch try await outcome(of: operation) {
    case nil: return ModelAnswer(kind: .none)
    case .success: return ModelAnswer(kind: .begun)
    case .failure(let failure):
      return ModelAnswer(kind: ModelAdapter.refusal(failure).map { .refused($0) } ?? .other("\(failure)"))
    }
  }

  /// Does it; returns what a deployment or a rollback came to.
  mutating func outcome(of operation: Operation) async throws -> Fleet.Outcome? {
    var outcome: Fleet.Outcome?
    switch operation {
    case .deploy(let deploy): outcome = try await run(try ModelAdapter.request(deploy), deploy.fault)
    case .rollback(let rollback):
      outcome = try await run(try ModelAdapter.request(rollback), rollback.fault)
    default:
      moves += 1
      host.change { [moves] in $0.byHand(operation, moves) }
    }
    host.change { $0.letTimePass() }
    return outcome
  }

  // MARK: - Deployments

  private mutating func run(_ request: DeployRequest, _ fault: Operation.Fault?) async throws -> Fleet.Outcome {
    let stop = StopSignal()
    copies += 1
    let copy = "\(directory.path)/ledger-\(copies).db"
    let original = ledger.path
    host.change { $0.prepare(fault, stop: stop) { Self.copy(original, to: copy) } }
    let context = DeploymentContext(
      hosts: host.connector, secrets: SecretStore(OnePassword(runner: FakeOperator.onePassword, environment: [:])),
      ledger: ledger, stop: stop, progress: { _ in }, time: .elapsing)
    let outcome: Fleet.Outcome
    do throws(DeployFailure) {
      outcome = .success(try await TargetDeployment(request, in: context, validates: false).perform())
    } catch {
      outcome = .failure(error)
    }
    let wasKilled = host.change { $0.recover() }
    guard wasKilled else { return outcome }
    ledger = try await DeploymentLedger.open(path: copy, access: .readWrite)
    for end in ["", ".id", "-ballast"] { try? FileManager.default.removeItem(atPath: original + end) }
    // What the next command does first.
    _ = await OrphanedDeployments(in: ledger).settle()
    return outcome
  }

  /// What would be on the disk if the client died now: no transaction is under way when a step begins or ends.
  private static func copy(_ ledger: String, to copy: String) {
    for end in ["", ".id"] { try? FileManager.default.copyItem(atPath: ledger + end, toPath: copy + end) }
  }

  // MARK: - What is on record

  func records(after id: Int64) async throws -> [ModelRecord] {
    var found: [ModelRecord] = []
    for deployment in try await ledger.history(HistoryFilter(limit: 4)).reversed() where deployment.id > id {
      found.append(ModelRecord(deployment, try await ledger.images(of: deployment.id)))
    }
    return found
  }

  func damage() async throws -> String? {
    let proof = try await ledger.verify()
    return proof.verdict == .proven ? nil : "\(proof.problems)"
  }

  func status() async throws -> [String: Verdict] {
    let git = GitRepository(
      runner: CommandRunner { _, _ in CommandResult(status: 1) }, directory: "/", environment: [:])
    let reader = StatusReader(hosts: host.connector, git: git)
    let status = try await reader.read([try ModelAdapter.target()], ledger: ledger).first
    return Dictionary(status?.services.map { ($0.service, $0.verdict) } ?? []) { first, _ in first }
  }
}

extension ModelRecord {
  fileprivate init(_ deployment: Deployment, _ images: [ImageRecord]) {
    let start = deployment.start
    self.init(
      id: deployment.id, kind: start.kind, outcome: deployment.outcome ?? .unknown, services: Set(start.services),
      profiles: Set(start.profiles), tags: Set([start.tag].compactMap { $0 }), undoes: start.undoes)
    for image in images {
      let row = Row(before: image.before.map(ModelImage.init), after: image.after.map(ModelImage.init))
      if row.before != nil || row.after != nil { rows[image.service] = row }
    }
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
