import Ledger
import Platform

/// The lock on the host, held by the remote shell itself: it is free as soon as that shell is gone.
struct HostLock {
  let session: RemoteSession
  let script: RemoteScript
  let plan: Plan
  let stop: StopSignal
  let progress: @Sendable (Progress) -> Void

  enum Answer {
    /// `isUnchanged`: no other deployment has held it since the survey.
    case taken(isUnchanged: Bool)
    case refused(Ending, isHeld: Bool)
  }

  /// How often a lock that somebody holds is asked for again.
  private static let pause = Duration.milliseconds(250)

  /// Takes the lock, waiting for as long as the plan allows.
  func take(deployment id: Int64) async -> Answer {
    let clock = ContinuousClock()
    let deadline = clock.now + plan.patience
    let owner = "\(plan.operator) with deployment \(id) of \(plan.client) since \(Date().formatted(.iso8601))"
    var hasSaid = false
    while true {
      switch fields(await session.call(script.lock(owner: owner))) {
      case nil:
        return .refused(
          .failed("the connection to \(plan.target.host) was lost before anything was changed"), isHeld: false)
      case let fields? where fields.first == "taken":
        return .taken(isUnchanged: fields.last == "unchanged")
      case let fields? where fields.first == "held":
        let holder = "the host is locked by \(fields.count > 1 ? fields[1] : "somebody")"
        guard stop.signal == nil else {
          let reason = "stopped by the operator before anything was changed; \(holder)"
          return .refused(Ending(outcome: .cancelled, reason: reason), isHeld: false)
        }
        guard clock.now < deadline else { return .refused(.failed("\(holder); nothing was changed"), isHeld: true) }
        if !hasSaid { progress(.waiting(holder)) }
        hasSaid = true
      default:
        let what = "\(plan.target.directory) on \(plan.target.host) cannot be locked; nothing was changed"
        return .refused(.failed(what), isHeld: false)
      }
      try? await Task.sleep(for: Self.pause)
    }
  }

  private func fields(_ events: [RemoteEvent]?) -> [String]? {
    guard let events else { return nil }
    for case .fact("lock", let fields) in events { return fields }
    return []
  }
}
