import Ledger

extension RemoteSession {
  /// Looks what runs. Of the images in `known` the host is not asked for the digests again, and where `ids` are the only
  /// containers there are, it need not list them first.
  ///
  /// - Returns: `nil` when the host could not look, or the connection ended.
  func look(
    _ script: RemoteScript, onlyAt ids: [String] = [], knowing known: [String: [String]] = [:]
  ) async -> Observation? {
    let answer = await call(script.look(onlyAt: ids, knowing: Array(known.keys)))
    return await complete(answer.flatMap(Observation.init), script, knowing: known)
  }

  /// The look with the digests that were `known` when it was taken. An image that has come from another repository since
  /// has another digest there, so the host is asked after all.
  func complete(
    _ look: Observation?, _ script: RemoteScript, knowing known: [String: [String]]
  ) async -> Observation? {
    guard let seen = look?.knowing(known) else { return nil }
    return seen.knowsEveryRepository || known.isEmpty ? seen : await self.look(script)
  }
}

extension DeploymentLedger {
  /// The digests of the images that `target` should run, by the images' ids. An id names the image's very content, so what
  /// was seen once holds for ever; where nothing can be read, the host is asked.
  func knownDigests(of target: Target) -> [String: [String]] {
    let images = (try? newestSucceeded(of: target.name.value).compactMap(\.1.after)) ?? []
    return images.reduce(into: [:]) { known, image in
      if let digest = image.digest { known[image.id, default: []].append(digest) }
    }
  }
}
