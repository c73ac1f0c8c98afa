import Ledger

/// The lock of one target on this machine, held for as long as a deployment runs.
struct LocalLock: Sendable {
  let context: DeploymentContext
  let request: DeployRequest

  /// The pause between two tries.
  private static let pause = Duration.milliseconds(100)

  /// Takes the lock, and waits for it as long as the request allows.
  func acquire() async throws(DeployFailure) -> TargetLock {
    let deadline = context.time.now() + request.lockTimeout
    var hasSaid = false
    while true {
      do throws(LockError) {
        return try TargetLock.acquire(target: request.target.name.value, in: context.ledger.lockDirectory)
      } catch {
        guard context.stop.signal == nil else { throw .stopped }
        guard case .held = error, context.time.now() < deadline else { throw .locked(holder: error.message) }
        if !hasSaid { context.progress(.waiting(error.what)) }
        hasSaid = true
      }
      await context.time.sleep(Self.pause)
    }
  }
}
