import Ledger

/// Several orders at once: side by side, bounded, each with a record of its own.
public struct Fleet: Sendable {
  let requests: [DeployRequest]
  let deployer: @Sendable (Target) -> Deployer
  /// How many targets are worked on at the same time; so many connections are open at most.
  public var maxParallel = 4
  /// The first target goes alone; the others begin only if it succeeds.
  public var usesCanary = false
  /// After a failure no further target is begun.
  public var stopsAtFailure = false

  /// `deployer` gives each target the one that tells its progress.
  public init(_ requests: [DeployRequest], deployer: @escaping @Sendable (Target) -> Deployer) {
    self.requests = requests
    self.deployer = deployer
  }

  /// What became of one target.
  public enum Outcome: Sendable {
    case ended(DeployResult)
    /// Nothing was begun, and nothing is recorded.
    case refused(DeployFailure)
    /// It was not its turn any more.
    case notBegun(reason: String)

    public var isSuccess: Bool {
      if case .ended(let result) = self { result.outcome == .succeeded && result.spool == nil } else { false }
    }
  }

  /// Carries out every order. The outcomes are in the order of the orders.
  public func run(validates: Bool) async -> [Outcome] {
    var outcomes = requests.map { _ in Outcome.notBegun(reason: "an earlier target did not succeed") }
    var waiting = Array(requests.indices)[...]
    if usesCanary, let first = waiting.popFirst() {
      outcomes[first] = await carryOut(requests[first], validates)
      guard outcomes[first].isSuccess else {
        for index in waiting {
          outcomes[index] = .notBegun(reason: "the canary \(requests[first].target.name) did not succeed")
        }
        return outcomes
      }
    }
    return await withTaskGroup(of: (Int, Outcome).self) { group in
      var working = 0
      var goesOn = true
      while working > 0 || !waiting.isEmpty {
        while goesOn, working < max(1, maxParallel), let index = waiting.popFirst() {
          working += 1
          group.addTask { (index, await carryOut(requests[index], validates)) }
        }
        guard let (index, outcome) = await group.next() else { break }
        working -= 1
        outcomes[index] = outcome
        if stopsAtFailure, !outcome.isSuccess { goesOn = false }
      }
      return outcomes
    }
  }

  private func carryOut(_ request: DeployRequest, _ validates: Bool) async -> Outcome {
    let deployer = deployer(request.target)
    do throws(DeployFailure) {
      return .ended(try await deployer.carryOut(request, validates: validates))
    } catch .validation(let problems) where requests.count > 1 {
      // One command, one batch: whoever reads it later must find the target that was not there.
      return await deployer.recordRefusal(of: request, because: problems)
    } catch {
      return .refused(error)
    }
  }
}

extension Deployer {
  /// Records a deployment of a batch that failed before it could begin.
  func recordRefusal(of request: DeployRequest, because problems: [Problem]) async -> Fleet.Outcome {
    guard case .deploy(let plan) = request else { return .refused(.validation(problems)) }
    let reason = problems.map(\.what).joined(separator: "; ") + "; nothing was changed"
    do throws(LedgerError) {
      let services = plan.services.isEmpty ? plan.target.services : plan.services
      let id = try await ledger.begin(plan.start(services: services.map(\.value), secrets: [])).id
      try await ledger.finish(id, Finish(outcome: .failed, reason: reason, durationMS: 0))
      let result = DeployResult(deployment: id, outcome: .failed, reason: reason, wasLocked: false)
      progress(.ended(result))
      return .ended(result)
    } catch {
      return .refused(.ledger(error))
    }
  }
}
