import Ledger
import Platform

/// Takes the lock on a host, which the remote shell itself holds: it is free as soon as that shell is gone.
struct HostLock {
  let host: RemoteHost
  let plan: Plan
  let context: DeploymentContext

  /// The pause between two tries.
  private static let pause = Duration.milliseconds(250)

  /// Takes the lock, and waits for it as long as the plan allows. Returns whether what was observed before still holds:
  /// no other deployment has held the lock since.
  func take(deployment id: Int64) async throws(RunFailure) -> Bool {
    let deadline = context.time.now() + plan.lockTimeout
    let since = context.time.date().formatted(.iso8601)
    let owner = "\(plan.operator) with deployment \(id) of \(plan.client) since \(since)"
    var hasSaid = false
    while true {
      let answer: LockAnswer
      do throws(HostError) { answer = try await host.lock(owner) } catch { throw .host(error) }
      switch answer {
      case .taken(let isUnchanged): return isUnchanged && !hasSaid
      case .refused(let reason):
        let what = "\(plan.target.directory) on \(plan.target.host) cannot be locked"
        throw .ended(.failed("\(what): \(reason); nothing was changed"))
      case .held(let owner):
        let holder = "the host is locked by \(owner)"
        guard context.stop.signal == nil else {
          throw .ended(.cancelled("stopped by the operator before anything was changed; \(holder)"))
        }
        guard context.time.now() < deadline else {
          var end = DeploymentEnd.failed("\(holder); nothing was changed")
          end.wasLocked = true
          throw .ended(end)
        }
        if !hasSaid { context.progress(.waiting(holder)) }
        hasSaid = true
      }
      await context.time.sleep(Self.pause)
    }
  }
}
