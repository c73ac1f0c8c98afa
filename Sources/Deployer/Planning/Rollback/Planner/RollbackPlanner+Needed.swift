import Ledger

/// What a rollback need not touch.
extension RollbackPlanner {
  /// Leaves out what need not be touched: a service that runs where it would go. If the ledger expects something else, as after a
  /// rollback that nobody saw the end of, this one records it.
  func needed(_ found: Ways) async throws(DeployFailure) -> Ways {
    var kept = found
    kept.ways = []
    let expected = try await read { () throws(LedgerError) in try await records.newestGood() }
    for way in try await withVariables(found.ways) {
      let service = way.service.value
      if try await hasAnotherVariable(way) {
        kept.ways.append(way)
      } else if way.isAlong {
        continue
      } else if let image = way.image, running.isAsItShouldBe(service, on: image, in: project) {
        let isExpected = expected[service]?.id == image.id
        let rest = isExpected ? "left alone" : "left alone, and recorded once it is healthy"
        let verb = running.telling(of: service).allSatisfy { $0.state == "running" } ? "runs" : "has run"
        kept.notes.append("\(service): \(verb) \(RollbackExplanation.name(of: image)) already, \(rest)")
        if isExpected { kept.wellOnes.append(service) } else { kept.alreadyThere.append(way) }
      } else if way.isRemoved, !running.services.contains(service) {
        guard expected[service] != nil else { continue }
        kept.notes.append("\(service): already gone, and recorded as gone")
        kept.alreadyGone.append(way)
      } else {
        kept.ways.append(way)
      }
    }
    guard !kept.ways.isEmpty || !kept.alreadyThere.isEmpty || !kept.alreadyGone.isEmpty else {
      if !kept.unrestored.isEmpty { throw nowhere(kept.notes + kept.unrestored.map(\.line)) }
      throw .nothingToRollBackTo(
        ["\(name) runs this already, so there is nothing to do"] + kept.notes, nextStep: "ktrdr status \(name)")
    }
    return kept
  }
}

extension Observation {
  /// Whether every container of `service` is on this image, and runs and is not unhealthy, or is a job that has done its work.
  fileprivate func isAsItShouldBe(_ service: String, on image: ImageIdentity, in project: ComposeProject?) -> Bool {
    let own = telling(of: service)
    return !own.isEmpty && shortage(of: service, in: project) == nil
      && own.allSatisfy { container in
        let isDone = container.state == "exited" && Job.isOne(container, in: project)
        return container.imageID == image.id && (container.state == "running" || isDone) && isUp(container)
      }
  }

  /// The tag that a service runs which follows the deployment's tag.
  func tag(in project: ComposeProject?) -> String? {
    containers.lazy.filter { project?.service($0.service)?.takesTag ?? true }
      .compactMap { ImageName($0.reference).tag }.first
  }
}
