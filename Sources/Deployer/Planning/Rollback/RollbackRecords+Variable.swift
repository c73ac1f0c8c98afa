import Ledger

extension RollbackRecords {
  /// What the tag's variable had for a service on an image: after the newest deployment that succeeded with it, of those before `id`.
  ///
  /// A rollback records one tag, though services may have gone back to several. It counts if a deployment of the service on this image had it;
  /// if not, the service went to what it had before the deployment that the rollback undoes.
  func variable(of service: String, on image: String, before id: Int64 = .max) async throws(LedgerError) -> String? {
    let past = try await history(of: service).filter { past in
      past.deployment.id < id && past.deployment.outcome == .succeeded && past.covers(service)
        && past.after?.id == image
    }
    let deployed = Set(past.filter { $0.deployment.start.kind == .deploy }.compactMap(\.deployment.start.tag))
    var limit = id
    for deployment in past.map(\.deployment) where deployment.id < limit {
      if let tag = deployment.start.tag, deployed.contains(tag) { return tag }
      limit = min(limit, deployment.start.undoes ?? limit)
    }
    return nil
  }

  /// What it has now; `nil` where nobody knows, as after a deployment that did not succeed. With an image that no deployment brought, it got
  /// the tag that the newest rollback recorded.
  func variable(of service: String, in running: Observation) async throws(LedgerError) -> String? {
    let newest = try await history(of: service).first { $0.reachedHost && $0.covers(service) }
    guard let newest, newest.deployment.outcome == .succeeded, let image = running.image(of: service),
      newest.after?.id == image.id
    else { return nil }
    return try await variable(of: service, on: image.id) ?? newest.deployment.start.tag
  }
}
