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
      (targets, services) = try inventory.resolveFirst(arguments[...], takesServices: true)
    } catch {
      throw Failure(error)
    }
    let (destination, commit) = try await self.destination(to, targets)
    return try await requests(
      try targets.map { ($0, try coverage(of: $0, Array(services)), nil) }, destination, commit)
  }

  private func coverage(of target: Target, _ services: [String]) throws -> RollbackRequest.Coverage {
    switch services {
    case []: .changed
    case ["all"]: .all
    default: .named(try named(services, of: target))
    }
  }

  /// The services, unless one looks like what other tools take there: a revision to go back to.
  private func named(_ services: [String], of target: Target) throws -> [ServiceName] {
    for word in services where !target.services.contains(where: { $0.value == word }) && VersionWord.isOne(word) {
      throw Failure.usage("\(word) is not a service of \(target.name)", next: "did you mean --to \(word)?")
    }
    return try target.chosenServices(services)
  }

  /// Digits are the number of a deployment; `tag:` before them makes them a tag.
  private func destination(
    _ to: String?, _ targets: [Target]
  ) async throws -> (RollbackRequest.Destination, GitSHA?) {
    guard let to else { return (.lastGood, nil) }
    if let number = Int64(to) { return (.deployment(number), nil) }
    let tag: ImageTag = try parsed(to.hasPrefix(Self.tagPrefix) ? String(to.dropFirst(Self.tagPrefix.count)) : to)
    return (.tag(tag), await global.git(for: targets).commit(of: tag, format: targets.first?.tagFormat ?? .standard))
  }

  private static let tagPrefix = "tag:"

  /// `batch` is the id of a batch, or the number of a deployment in it.
  func make(batch: String) async throws -> [DeployRequest] {
    guard let ledger = try await global.openLedgerIfPresent() else {
      throw Failure.noLedger(at: global.ledgerPath)
    }
    let name = Int64(batch) == nil ? "batch \(batch)" : "the batch of deployment \(batch)"
    let found: BatchToUndo
    do throws(LedgerError) {
      found = try await BatchToUndo.find(batch, in: ledger)
    } catch {
      throw Failure(error)
    }
    let chosen = try deployments(of: found, name).map { (try inventory.requireTarget($0.start.target), $0.id) }
    // In the inventory's order, however the batch ran: the first one is the canary.
    let order = Dictionary(inventory.targets.enumerated().map { ($1.name, $0) }) { first, _ in first }
    return try await requests(
      chosen.sorted { order[$0.0.name] ?? 0 < order[$1.0.name] ?? 0 }.map { ($0.0, .changed, $0.1) }, .lastGood, nil)
  }

  /// Throws why nothing in a batch can be taken back.
  private func deployments(of batch: BatchToUndo, _ name: String) throws -> [Deployment] {
    let lists =
      "list the deployments with 'ktrdr history', and their batches with 'ktrdr history --format json'"
    switch batch {
    case .deployments(let changed, let left, let repaired):
      for deployment in left {
        let target = deployment.start.target
        let outcome = deployment.outcome?.rawValue ?? "running"
        global.console.warning(
          "\(target) is left alone, since deployment \(deployment.id) did not succeed there (\(outcome)): "
            + "ktrdr rollback \(target)")
      }
      for deployment in repaired {
        let target = deployment.start.target
        let tag = deployment.start.tag.map { " (\($0))" } ?? ""
        global.console.warning(
          "\(target) is left alone, since deployment \(deployment.id)\(tag) is not of this batch, in which it had failed: "
            + "ktrdr rollback \(target)")
      }
      return changed
    case .unknown: throw Failure.usage("there is no record of \(name)", next: lists)
    case .rollback:
      throw Failure.usage(
        "\(name) is a rollback, which is not taken back as a batch",
        next: "choose what each target goes to: ktrdr rollback TARGET --to DEPLOYMENT")
    case .unsuccessful(let left):
      let each = left.map { "ktrdr rollback \($0.start.target)" }
      throw Failure(
        status: ExitStatus.notSucceeded, "no deployment in \(name) succeeded",
        next: each.isEmpty ? lists : each.joined(separator: "; "))
    case .unchanged: throw Failure(status: ExitStatus.notSucceeded, "\(name) changed nothing", next: lists)
    }
  }

  private func requests(
    _ chosen: [(target: Target, coverage: RollbackRequest.Coverage, undoing: Int64?)],
    _ destination: RollbackRequest.Destination, _ commit: GitSHA?
  ) async throws -> [DeployRequest] {
    let who = try await global.operator(for: chosen.map(\.target))
    let batch = UUID().uuidString.lowercased()
    return chosen.map { target, coverage, undoing in
      var request = RollbackRequest(
        target: target, coverage: coverage, destination: destination, commit: commit, registries: inventory.registries,
        operator: who, client: global.client, batch: batch, lockTimeout: run.wait)
      request.undoing = undoing
      return .rollback(request)
    }
  }
}
