import Ledger

/// Which image a service goes back to, decided from what the ledger has of it and from what runs now.
enum LastGood {
  /// One ended deployment, as far as it concerns one service.
  struct Past: Sendable, Equatable {
    var deployment: Deployment
    var before: ImageIdentity?
    var after: ImageIdentity?
    /// False if it ended before it touched the host.
    var reachedHost = true
  }

  /// Where the service goes, and what was passed over on the way there.
  struct Choice: Sendable, Equatable {
    var image: ImageIdentity
    /// The deployment that vouches for the image: the newest good one that ran it. For an image that was only observed,
    /// the first recorded deployment, which replaced it.
    var source: Deployment
    /// Nothing recorded ever put this image there: it is not known to be good.
    var isObserved: Bool
    var skipped: [Skipped]
  }

  /// A deployment that was not chosen, and why.
  struct Skipped: Sendable, Equatable {
    var deployment: Deployment
    var reason: String
  }

  /// What became of the container of the image that a service is to leave.
  enum Presence: String, Sendable {
    case running = "its image is running now"
    case stopped = "its image is the current one, which is stopped"
    case removed = "its image is the current one, whose container was removed"
    case replaced = "its image is the current one, whose container was replaced since"
  }

  /// There is no image to go back to.
  struct Nothing: Error, Equatable {
    var skipped: [Skipped]
    /// Whether the service had no container before the first recorded deployment.
    var wasAbsent = false
    /// The oldest deployment on record for which what runs was good.
    var goodSince: Int64?
    /// The repository of an image that was passed over because it is not the compose file's.
    var otherRepository: String?
  }

  /// - Parameters:
  ///   - history: the ended deployments of one target and service, newest first.
  ///   - running: the image of the service's container, or the one to be left where somebody has removed it; `nil` when it
  ///     has none.
  ///   - found: the image of the service's container, whatever is to be left.
  ///   - container: what became of that container.
  ///   - repository: the one that the compose files name for the service; `nil` if that is not known. Only a person goes back
  ///     to an image of another one.
  /// - Returns: the newest good image that the service does not have now.
  /// - Throws: ``Nothing`` with all that was passed over.
  static func choose(
    history: [Past], running: ImageIdentity?, found: ImageIdentity? = nil, container: Presence = .running,
    repository: String? = nil
  ) throws(Nothing) -> Choice {
    let good = GoodStates(of: history, found: found)
    var skipped: [Skipped] = []
    var nothing = Nothing(skipped: [])
    func skip(_ deployment: Deployment, _ reason: String) {
      skipped.append(Skipped(deployment: deployment, reason: reason))
    }
    for past in history {
      let deployment = past.deployment
      let outcome = deployment.outcome?.rawValue ?? "running"
      guard deployment.outcome == .succeeded else {
        skip(deployment, deployment.reason.map { "\(outcome): \($0)" } ?? outcome)
        continue
      }
      guard let image = past.after else {
        skip(deployment, "it removed the service")
        continue
      }
      if let leaver = good.left[deployment.id] {
        skip(deployment, words(leaver, of: deployment.id, history))
      } else if image.id == running?.id {
        skip(deployment, container.rawValue)
        if good.contains(deployment) { nothing.goodSince = deployment.id }
      } else if let other = image.repository(otherThan: repository) {
        skip(deployment, "its image is of another repository, \(other); choose it with --to \(deployment.id)")
        nothing.otherRepository = nothing.otherRepository ?? other
      } else if good.contains(deployment) {
        return Choice(image: image, source: deployment, isObserved: false, skipped: skipped)
      }
    }
    nothing.skipped = skipped
    guard let first = history.last, let observed = first.before else {
      nothing.wasAbsent = history.last != nil && nothing.otherRepository == nil
      throw nothing
    }
    guard good.hasFirst, observed.id != running?.id, !history.contains(where: { $0.hasTriedInVain(observed) }) else {
      throw nothing
    }
    if let other = observed.repository(otherThan: repository) {
      skip(first.deployment, "what ran before it is of another repository, \(other)")
      (nothing.skipped, nothing.otherRepository) = (skipped, other)
      throw nothing
    }
    return Choice(image: observed, source: first.deployment, isObserved: true, skipped: skipped)
  }

  /// Where the service was brought back to already, though no rollback that succeeded says so; `nil` if it was not. The next
  /// rollback ends that. `isByHand` false leaves out what was done by hand.
  static func isBack(
    history: [Past], running: ImageIdentity?, repository: String?, isByHand: Bool = true
  ) -> Choice? {
    let states = GoodStates(of: history, found: running)
    guard let running, states.top == running.id,
      let newest = history.first(where: { $0.deployment.outcome == .succeeded }), let expected = newest.after,
      expected.id != running.id, isByHand || states.left[newest.deployment.id] != .hand
    else { return nil }
    return try? choose(
      history: history, running: expected, found: running, container: .replaced, repository: repository)
  }

  private static func words(_ leaver: GoodStates.Leaver, of deployment: Int64, _ history: [Past]) -> String {
    guard case .rollback(let rollback) = leaver else { return "somebody went back from its image by hand" }
    let undoes = history.first { $0.deployment.id == rollback }?.deployment.start.undoes
    return undoes == deployment ? "undone by rollback \(rollback)" : "rollback \(rollback) left its image"
  }
}

extension ImageIdentity {
  /// The image's repository, if it is not `repository`; `nil` too if either is not known.
  func repository(otherThan repository: String?) -> String? {
    let own = ImageName(reference).familiarRepository
    return repository == nil || own == repository || own.hasPrefix("sha256:") ? nil : own
  }
}

extension LastGood.Past {
  /// Whether somebody saw how it ended. If not, an image `after` that is not there says nothing.
  var isEndSeen: Bool { deployment.isEndSeen }

  /// Whether it is known that the service had another image afterwards, or none, or one for the first time.
  var changed: Bool { isEndSeen && before?.id != after?.id }

  /// Whether it started the service, or meant to, and did not only see it.
  func covers(_ service: String) -> Bool { deployment.start.services.contains(service) }

  /// Whether it may have left a container of the service.
  func mayHaveStarted(_ service: String) -> Bool { covers(service) && (after != nil || !isEndSeen) }

  /// Whether it was to put `image` there, and did not succeed.
  fileprivate func hasTriedInVain(_ image: ImageIdentity) -> Bool {
    guard reachedHost, deployment.outcome != .succeeded, after?.id == image.id else { return false }
    return before?.id != image.id || ImageName(image.reference).tag == deployment.start.tag
  }
}
