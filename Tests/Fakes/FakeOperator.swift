import Ledger
import Platform
import Synchronization
import TestSupport

@testable import Deployer

/// Someone who deploys to a ``FakeHost``: a real ledger, time that passes only in sleep, and a 1Password that answers.
final class FakeOperator: Sendable {
  let host: FakeHost
  let directory: TestDirectory
  let ledger: DeploymentLedger
  let stop = StopSignal()
  let told = Mutex<[Progress]>([])
  /// What one waits for: advances when somebody sleeps.
  private let elapsed = Mutex(Duration.zero)

  init(_ host: FakeHost = FakeHost()) async throws {
    self.host = host
    directory = try TestDirectory()
    ledger = try await DeploymentLedger.open(path: "\(directory.path)/ledger.db", access: .readWrite)
  }

  /// `op` as it answers when all is well.
  static let onePassword = CommandRunner { command, _ in
    let item = #"""
      {"id": "k7", "title": "item", "version": 3, "fields": [
        {"id": "a", "label": "db_password", "value": "correct horse battery"},
        {"id": "b", "label": "ghcr_token", "value": "ghp_0123456789"}]}
      """#
    let answer = command.arguments.starts(with: ["item", "get"]) ? item : "[{}]"
    return CommandResult(status: 0, standardOutput: Array(answer.utf8))
  }

  func secrets(_ runner: CommandRunner = FakeOperator.onePassword) -> SecretStore {
    SecretStore(OnePassword(runner: runner, environment: [:]))
  }

  var time: TimeSource {
    let start = ContinuousClock().now
    return TimeSource(
      date: { Date() }, now: { [self] in start + elapsed.withLock { $0 } },
      sleep: { [self] pause in
        elapsed.withLock { $0 += pause }
        await Task.yield()
      })
  }

  func context(_ runner: CommandRunner = FakeOperator.onePassword) -> DeploymentContext {
    var context = DeploymentContext(
      hosts: host.connector, secrets: secrets(runner), ledger: ledger, stop: stop,
      progress: { [self] progress in told.withLock { $0.append(progress) } })
    context.time = time
    return context
  }

  @discardableResult
  func perform(_ request: DeployRequest, validates: Bool = true, recordsRefusal: Bool = false) async -> Fleet.Outcome {
    let deployment = TargetDeployment(
      request, in: context(), validates: validates, recordsRefusal: recordsRefusal)
    do throws(DeployFailure) { return .success(try await deployment.perform()) } catch { return .failure(error) }
  }

  @discardableResult
  func deploy(
    _ tag: String, _ services: [String] = [], profiles: [String] = [], rollsBack: Bool = false
  ) async throws -> Fleet.Outcome {
    await perform(.deploy(try plan(tag, services, profiles: profiles, rollsBack: rollsBack)))
  }

  func plan(
    _ tag: String, _ services: [String] = [], profiles: [String] = [], rollsBack: Bool = false
  ) throws -> Plan {
    var plan = try Plan.core(services: services, tag: tag, profiles: profiles)
    plan.target.rollbackOnFailure = rollsBack
    plan.target.profiles = try host.change { Array($0.profiles.keys) }.map { try ProfileName($0) }
    plan.commit = nil
    return plan
  }

  func request(
    _ services: [String] = [], to destination: RollbackRequest.Destination = .lastGood
  ) throws -> RollbackRequest {
    RollbackRequest(
      target: try plan("A").target,
      coverage: services.isEmpty ? .changed : .named(try services.map { try ServiceName($0) }),
      destination: destination,
      registries: [], operator: "ada@example.org", client: "ktrdr/1 desk")
  }

  @discardableResult
  func rollback(
    _ services: [String] = [], to destination: RollbackRequest.Destination = .lastGood
  ) async throws -> Fleet.Outcome {
    await perform(.rollback(try request(services, to: destination)))
  }

  /// The newest deployment.
  func newest() async throws -> Deployment? { try await ledger.history(HistoryFilter(limit: 1)).first }

  func steps(of id: Int64) async throws -> [String] { try await ledger.steps(of: id).map(\.name) }

  var progress: [Progress] { told.withLock { $0 } }
}

extension Fleet.Outcome {
  var ended: DeployResult? { try? get() }
  var refusal: DeployFailure? { if case .failure(let failure) = self { failure } else { nil } }
}
