public import Ledger

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Carries plans out: checks, secrets, the beginning in the ledger, the host, the end in the ledger.
public struct Deployer: Sendable {
  let runner: CommandRunner
  let environment: [String: String]
  let ledger: Ledger
  let lockDirectory: String
  let stop: StopSignal
  let progress: @Sendable (Progress) -> Void

  /// Every child gets only its part of `environment`. The locks per target live in `lockDirectory`, the ledger's own.
  public init(
    runner: CommandRunner, environment: [String: String], ledger: Ledger, lockDirectory: String, stop: StopSignal,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.runner = runner
    self.environment = environment
    self.ledger = ledger
    self.lockDirectory = lockDirectory
    self.stop = stop
    self.progress = progress
  }

  /// Deploys what the plan says.
  ///
  /// - Parameters:
  ///   - plan: what to do, where.
  ///   - validates: false leaves out the checks of host and 1Password.
  /// - Returns: what the ledger holds of it.
  /// - Throws: ``DeployFailure`` while nothing has been begun; what goes wrong later is part of the result.
  public func deploy(_ plan: Plan, validates: Bool) async throws(DeployFailure) -> DeployResult {
    let lock: TargetLock
    do {
      lock = try TargetLock.acquire(target: plan.target.name.value, in: lockDirectory)
    } catch {
      throw .locked(holder: error.message)
    }
    try await warnOfClock()
    try await settleDeadClients(of: plan)
    lock.describe(operator: plan.operator, deployment: nil, since: Date())
    let attempt = Attempt(deployer: self, plan: plan, validates: validates)
    let outcome = await attempt.connect()
    _ = consume lock
    return try outcome.get()
  }

  /// A start whose client is gone gets its end: nobody else can give it one.
  private func settleDeadClients(of plan: Plan) async throws(DeployFailure) {
    do {
      for id in try await ledger.markInterrupted(
        target: plan.target.name.value, reason: "the client died before it recorded an end")
      {
        progress(
          .warning(
            "deployment \(id) of \(plan.target.name) was interrupted: its client died; 'ktrdr show \(id)' tells more"))
      }
    } catch {
      throw .ledger(error)
    }
  }

  /// The environment of `ssh`: nothing of 1Password, nothing named like a secret.
  func sshEnvironment(of target: Target) -> [String: String] {
    ChildEnvironment.forOthers(environment, withholding: target.secrets.map(\.name.value))
  }
}
