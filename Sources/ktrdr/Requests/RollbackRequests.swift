import Deployer
import Ledger
import Platform

/// Creates the requests of a `rollback`.
struct RollbackRequests {
  let inventory: Inventory
  let run: RunOptions
  let global: GlobalOptions

  func make(arguments: [String], to: String?) async throws -> [DeployRequest] {
    let targets: [Target]
    let services: ArraySlice<String>
    do throws(UnknownTarget) {
      (targets, services) = try inventory.resolveFirst(arguments[...])
    } catch {
      throw Failure(error)
    }
    var destination = RollbackRequest.Destination.lastGood
    var commit: GitSHA?
    if let to, let number = Int64(to) {
      destination = .deployment(number)
    } else if let to {
      let tag: ImageTag = try parsed(to)
      destination = .tag(tag)
      commit = await global.git(for: targets).commit(of: tag)
    }
    let all = Array(services) == ["all"] || services.isEmpty
    return try await requests(
      try targets.map { ($0, all ? [] : try $0.chosenServices(Array(services)), nil) }, destination, commit)
  }

  /// `batch` is the id of a batch, or the number of a deployment in it.
  func make(batch: String) async throws -> [DeployRequest] {
    guard let ledger = try await global.openLedgerIfPresent() else {
      throw Failure.noLedger(at: global.ledgerPath)
    }
    let found: [Deployment]
    do throws(LedgerError) {
      var id: String? = batch
      if let number = Int64(batch) { id = try await ledger.deployment(number)?.start.batch }
      found = id == nil ? [] : try await ledger.history(HistoryFilter(batch: id, limit: 10_000))
    } catch {
      throw Failure(error)
    }
    let succeeded = found.filter { $0.outcome == .succeeded && $0.start.kind == .deploy }.reversed()
    guard !succeeded.isEmpty else {
      let name = Int64(batch) == nil ? "batch \(batch)" : "the batch of deployment \(batch)"
      throw Failure.usage(
        found.isEmpty ? "there is no record of \(name)" : "no deployment in \(name) succeeded",
        next: "list the deployments with 'ktrdr history', and their batches with 'ktrdr history --format json'")
    }
    return try await requests(
      try succeeded.map { (try inventory.requireTarget($0.start.target), [], $0.id) }, .lastGood, nil)
  }

  private func requests(
    _ chosen: [(target: Target, services: [ServiceName], undoing: Int64?)], _ destination: RollbackRequest.Destination,
    _ commit: GitSHA?
  ) async throws -> [DeployRequest] {
    let who = try await global.operator(for: chosen.map(\.target))
    let batch = UUID().uuidString.lowercased()
    return chosen.map { target, services, undoing in
      var request = RollbackRequest(
        target: target, services: services, destination: destination, commit: commit, registries: inventory.registries,
        operator: who, client: global.client, batch: batch, lockTimeout: run.wait)
      request.undoing = undoing
      return .rollback(request)
    }
  }
}
