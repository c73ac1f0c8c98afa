import Ledger
import Platform

/// Reads what a report is about. Of a damaged ledger, reads what can be read.
struct ReportReader {
  var ledger: DeploymentLedger
  var since: Date?
  var until: Date?
  var now: Date

  /// Reads the deployments of the period, and draws a sample of `size` by `seed`.
  func read(size: Int, seed: String) async -> ReportedDeployments {
    do throws(LedgerError) {
      var found = try await deployments()
      if size > 0 { found.sample = try await sample(of: found.population, size: size, seed: seed) }
      return found
    } catch {
      return ReportedDeployments(unreadable: error.message)
    }
  }

  private func deployments() async throws(LedgerError) -> ReportedDeployments {
    let facts = try await ledger.facts(since: since)
    var found = ReportedDeployments(population: facts.map(\.deployment).filter { isInPeriod($0.startedAt) })
    if let first = try await ledger.firstDeploymentAt(),
      let observed = Statistics.observed(since: since, until: until, firstDeployment: first, now: now)
    {
      found.statistics = Statistics(of: facts, in: observed)
    }
    for id in Set(found.population.compactMap(\.start.undoes)) { found.undone[id] = try await ledger.deployment(id) }
    return found
  }

  private func sample(
    of population: [Deployment], size: Int, seed: String
  ) async throws(LedgerError) -> ReportedDeployments.Sample {
    var sample = ReportedDeployments.Sample(seed: seed, size: size)
    let byNumber = Dictionary(population.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for id in Sample.draw(size, from: population.map(\.id), seed: seed) {
      guard let deployment = byNumber[id] else { continue }
      let steps = try await ledger.steps(of: id)
      sample.deployments.append(.init(deployment: deployment, steps: steps, images: try await ledger.images(of: id)))
    }
    return sample
  }

  private func isInPeriod(_ date: Date) -> Bool {
    (since.map { date >= $0 } ?? true) && (until.map { date <= $0 } ?? true)
  }
}
