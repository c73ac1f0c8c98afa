import Ledger

/// What the tag's variable had for a service in which the compose file has that elsewhere than in the image. `takesTag` is whether its image
/// follows the variable.
extension RollbackRecords {
  /// After the newest deployment that succeeded with an image, of those before `id`.
  func variable(
    of service: String, takesTag: Bool, on image: String, before id: Int64 = .max
  ) async throws(LedgerError) -> String? {
    try await past(of: service, on: image).lazy.filter { $0.deployment.id < id }
      .compactMap { $0.variable(of: service, takesTag: takesTag) }.first
  }

  /// Now; `nil` where nobody knows, as after a deployment that did not succeed.
  func variable(of service: String, takesTag: Bool, in running: Observation) async throws(LedgerError) -> String? {
    let newest = try await history(of: service).first { $0.reachedHost && $0.covers(service) }
    guard let newest, newest.deployment.outcome == .succeeded, let image = running.image(of: service),
      newest.after?.id == image.id
    else { return nil }
    let known = try await variable(of: service, takesTag: takesTag, on: image.id)
    return known ?? (takesTag ? ImageName(image.reference).tag : newest.deployment.start.tag)
  }

  /// Before deployment `id`, on the same image, as far as no rollback has left it.
  func variable(
    of service: String, takesTag: Bool, on image: String, leftBy id: Int64
  ) async throws(LedgerError) -> String? {
    let past = try await past(of: service, on: image)
    let source = GoodStates(of: past.byVariable(of: service, takesTag: takesTag)).source(at: id - 1)
    return past.first { $0.deployment.id == source }?.variable(of: service, takesTag: takesTag)
  }

  /// What it goes back to from what it has now, on the same image; `nil` if there is nothing else on record.
  func lastVariable(of service: String, takesTag: Bool, in running: Observation) async throws(LedgerError) -> String? {
    guard let image = running.image(of: service) else { return nil }
    let past = try await past(of: service, on: image.id).byVariable(of: service, takesTag: takesTag)
    let now = try await variable(of: service, takesTag: takesTag, in: running).map(ImageIdentity.init(variable:))
    return try? LastGood.choose(history: past, running: now).image.id
  }

  /// The deployments that succeeded with an image, newest first.
  private func past(of service: String, on image: String) async throws(LedgerError) -> [LastGood.Past] {
    try await history(of: service).filter { past in
      past.deployment.outcome == .succeeded && past.covers(service) && past.after?.id == image
    }
  }
}

extension LastGood.Past {
  fileprivate func variable(of service: String, takesTag: Bool) -> String? {
    let tag = deployment.start.tag
    if let own = ServiceTags(deployment.reason ?? "").tags[service] { return own }
    guard deployment.start.kind == .rollback else { return tag }
    // A rollback records the tag of an image: of another service's, or of one that does not follow the variable.
    return (after.flatMap { ImageName($0.reference).tag } == tag) == takesTag ? tag : nil
  }
}

extension [LastGood.Past] {
  /// The same history with the variable's values in place of the images.
  fileprivate func byVariable(of service: String, takesTag: Bool) -> [LastGood.Past] {
    var before: ImageIdentity?
    var found: [LastGood.Past] = []
    for past in reversed() {
      guard let tag = past.variable(of: service, takesTag: takesTag) else { continue }
      let after = ImageIdentity(variable: tag)
      found.append(LastGood.Past(deployment: past.deployment, before: before, after: after))
      before = after
    }
    return found.reversed()
  }
}

extension ImageIdentity {
  fileprivate init(variable: String) { self.init(reference: "", id: variable, digest: nil) }
}
