public import Ledger

/// Finds deployments whose client died, and gives each the end that nobody else can give it.
public struct OrphanedDeployments: Sendable {
  private let ledger: DeploymentLedger

  /// `ledger` may be open for reading only.
  public init(in ledger: DeploymentLedger) {
    self.ledger = ledger
  }

  /// Looks at every deployment without an end, of `targets` or of all. The lock of a target is only tried if it has such a
  /// deployment, and held just long enough to record its end: a client that is alive is not disturbed.
  /// - Returns: what was found, oldest first. What could not be done is part of the answer: the command goes on.
  public func settle(_ targets: [String]? = nil) async -> [UnfinishedDeployment] {
    let open = ((try? await ledger.inFlight()) ?? []).filter { targets?.contains($0.start.target) ?? true }
    var found: [UnfinishedDeployment] = []
    for target in Set(open.map(\.start.target)).sorted() {
      found += await settle(target, open: open.filter { $0.start.target == target })
    }
    return found.sorted { $0.deployment < $1.deployment }
  }

  private func settle(_ target: String, open: [Deployment]) async -> [UnfinishedDeployment] {
    let lock: TargetLock
    do throws(LockError) {
      lock = try TargetLock.acquire(target: target, in: ledger.lockDirectory)
    } catch .held(_, let holder) {
      return open.map { UnfinishedDeployment($0, state: .running(holder)) }
    } catch {
      return open.map { UnfinishedDeployment($0, state: .undecided(because: error.message)) }
    }
    let ended = await end(target, open: open)
    _ = consume lock
    return ended
  }

  private func end(_ target: String, open: [Deployment]) async -> [UnfinishedDeployment] {
    do throws(LedgerError) {
      let writable = try await DeploymentLedger.open(path: ledger.path, access: .readWrite)
      return try await OrphanedDeployments(in: writable).settle(holdingLockOf: target)
    } catch {
      var left: [UnfinishedDeployment] = []
      for deployment in open {
        let died = Self.reason(of: (try? await ledger.steps(of: deployment.id)) ?? [])
        left.append(UnfinishedDeployment(deployment, state: .unrecorded(died: died, because: error.message)))
      }
      return left
    }
  }

  /// Ends what is open on `target`, whose lock the caller holds. Returns what was ended now, oldest first.
  func settle(holdingLockOf target: String) async throws(LedgerError) -> [UnfinishedDeployment] {
    try await ledger.markInterrupted(target: target, reason: Self.reason).map { orphan in
      UnfinishedDeployment(orphan, state: .interrupted(died: orphan.reason ?? ""))
    }
  }

  /// Whether the deployment had reached `up`, from the steps that it recorded.
  @Sendable static func reason(of steps: [StepRecord]) -> String {
    steps.contains { $0.name == StepName.changing.rawValue }
      ? "the client died after 'up' had begun; see 'ktrdr status'" : "the client died before anything was changed"
  }
}

/// A deployment that had begun and not ended when a command looked.
public struct UnfinishedDeployment: Sendable, Equatable {
  public enum State: Sendable, Equatable {
    /// Somebody holds the target's lock.
    case running(LockHolder)
    /// Its client is gone, and the ledger has its end now.
    case interrupted(died: String)
    /// Its client is gone, but the ledger could not take its end.
    case unrecorded(died: String, because: String)
    /// It is not known whether its client is alive.
    case undecided(because: String)
  }

  public var target: String
  public var deployment: Int64
  public var state: State

  init(_ deployment: Deployment, state: State) {
    target = deployment.start.target
    self.deployment = deployment.id
    self.state = state
  }

  /// Whether it is reported even to an operator who asked for quiet.
  public var isTrouble: Bool { if case .running = state { false } else { true } }

  /// What happened, and what to do about it.
  public var message: String {
    let what = "deployment \(deployment) of \(target)"
    switch state {
    case .running(let holder):
      guard let name = holder.operator else {
        return "\(what) has not ended yet: another ktrdr holds the lock of \(target)"
      }
      return "\(what) is running, started by \(name)\(holder.since.map { " at \($0)" } ?? "")"
    case .interrupted(let died):
      return "\(what) was interrupted: \(died); recorded as interrupted, see 'ktrdr show \(deployment)'"
    case .unrecorded(let died, let reason):
      return "\(what) has no end: \(died); it could not be recorded now, the next 'ktrdr deploy' will: \(reason)"
    case .undecided(let reason):
      return "\(what) has no end, and it is not known whether its client is alive: \(reason)"
    }
  }
}
