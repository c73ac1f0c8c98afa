public import Ledger
import Platform

/// Carries orders out: checks, secrets, the beginning in the ledger, the host, the end in the ledger.
public struct Deployer: Sendable {
  let environment: [String: String]
  let secrets: SecretStore
  let ledger: DeploymentLedger
  let lockDirectory: String
  let stop: StopSignal
  let progress: @Sendable (Progress) -> Void

  /// Every child gets only its part of `environment`. The locks per target live in `lockDirectory`, the ledger's own.
  public init(
    environment: [String: String], secrets: SecretStore, ledger: DeploymentLedger, lockDirectory: String,
    stop: StopSignal,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.environment = environment
    self.secrets = secrets
    self.ledger = ledger
    self.lockDirectory = lockDirectory
    self.stop = stop
    self.progress = progress
  }

  /// Does what was ordered.
  ///
  /// - Parameters:
  ///   - order: what to do, where.
  ///   - validates: false leaves out the checks of host and 1Password.
  /// - Returns: what the ledger holds of it.
  /// - Throws: ``DeployFailure`` while nothing has been begun; what goes wrong later is part of the result.
  public func carryOut(_ request: DeployRequest, validates: Bool) async throws(DeployFailure) -> DeployResult {
    let lock = try await acquireLock(request)
    try await settleDeadClients(of: request.target)
    let describe = lock.describer
    describe(request.operator, nil, Date())
    let attempt = Attempt(deployer: self, request: request, validates: validates) { id in
      describe(request.operator, id, Date())
    }
    let outcome = await attempt.connect()
    _ = consume lock
    return try outcome.get()
  }

  /// The target's lock on this machine, waited for as long as the order allows.
  private func acquireLock(_ request: DeployRequest) async throws(DeployFailure) -> TargetLock {
    let clock = ContinuousClock()
    let deadline = clock.now + request.patience
    var hasSaid = false
    while true {
      do throws(LockError) {
        return try TargetLock.acquire(target: request.target.name.value, in: lockDirectory)
      } catch {
        guard stop.signal == nil else { throw .stopped }
        guard case .held = error, clock.now < deadline else { throw .locked(holder: error.message) }
        if !hasSaid { progress(.waiting(error.message)) }
        hasSaid = true
      }
      try? await Task.sleep(for: .milliseconds(100))
    }
  }

  /// A start whose client is gone gets its end: nobody else can give it one.
  private func settleDeadClients(of target: Target) async throws(DeployFailure) {
    do {
      for dead in try await OrphanedDeployments(in: ledger).settle(holdingLockOf: target.name.value) {
        progress(.warning(dead.message))
      }
    } catch {
      throw .ledger(error)
    }
  }
}
