import Ledger
import Platform
import Synchronization
import TestSupport

/// A directory for one ledger.
final class Scratch: Sendable {
  private let files: TestDirectory

  init() throws { files = try TestDirectory() }

  var directory: String { files.path }
  var path: String { directory + "/ledger.db" }

  func open(_ access: DeploymentLedger.Access = .readWrite) async throws -> DeploymentLedger {
    try await DeploymentLedger.open(path: path, access: access)
  }

  func names() throws -> [String] { try files.names() }
}

/// A clock that only moves when it is told to.
final class Clock: Sendable {
  private let seconds = Mutex<Double>(1_700_000_000)
  func move(_ by: Double) { seconds.withLock { $0 += by } }
  var now: @Sendable () -> Date { { self.seconds.withLock { Date(timeIntervalSince1970: $0) } } }
}

extension DeploymentStart {
  static func core(
    _ services: [String] = ["backend"], tag: String? = "sha-a1b2c3d", kind: DeploymentKind = .deploy,
    operator name: String = "ada@example.org"
  ) -> DeploymentStart {
    DeploymentStart(
      kind: kind, target: "core", host: "backend.ktrdr.home.mynerd.place", services: services, tag: tag,
      operator: name, client: "ktrdr 1.0")
  }
}

extension DeploymentLedger {
  /// Records a whole deployment with one step and one image for each service.
  @discardableResult
  func record(_ start: DeploymentStart, _ outcome: Outcome = .succeeded) throws -> Int64 {
    let (id, _) = try begin(start)
    try append(StepRecord(name: "pull", startedAt: Date(), durationMS: 12, exitStatus: 0, outcome: .succeeded), to: id)
    for service in start.services {
      let after = ImageIdentity(reference: "repo:\(start.tag ?? "latest")", id: "sha256:\(start.tag ?? "x")")
      try append(ImageRecord(service: service, after: after), to: id)
    }
    try finish(id, Finish(outcome: outcome, durationMS: 1000))
    return id
  }
}
