/// Several requests at once: side by side, bounded, each with a record of its own.
public struct Fleet: Sendable {
  /// How many targets are worked on at the same time; so many connections are open at most.
  public var maxParallel = 4
  /// The first target goes alone; the others begin only if it succeeds.
  public var usesCanary = false
  /// After a failure no further target is begun.
  public var stopsAtFailure = false

  public init() {}

  public typealias Outcome = Result<DeployResult, DeployFailure>

  /// Carries out every request by `perform`. The outcomes are in the order of the requests; a target that did not get
  /// its turn has ``DeployFailure/skipped(reason:)``.
  public func run(
    _ requests: [DeployRequest], _ perform: @escaping @Sendable (DeployRequest) async -> Outcome
  ) async -> [Outcome] {
    var outcomes = requests.map { _ in Outcome.failure(.skipped(reason: "an earlier target did not succeed")) }
    var waiting = Array(requests.indices)[...]
    if usesCanary, let first = waiting.popFirst() {
      outcomes[first] = await perform(requests[first])
      guard outcomes[first].isSuccess else {
        for index in waiting {
          outcomes[index] = .failure(
            .skipped(reason: "the canary \(requests[first].target.name) did not succeed"))
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
          group.addTask { (index, await perform(requests[index])) }
        }
        guard let (index, outcome) = await group.next() else { break }
        working -= 1
        outcomes[index] = outcome
        if stopsAtFailure, !outcome.isSuccess { goesOn = false }
      }
      return outcomes
    }
  }
}

extension Result<DeployResult, DeployFailure> {
  /// Whether it succeeded and is recorded.
  public var isSuccess: Bool { (try? get())?.isSuccess ?? false }
}
