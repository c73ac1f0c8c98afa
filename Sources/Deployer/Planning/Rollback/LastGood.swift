import Ledger

/// Which image a service goes back to, decided from what the ledger has of it and from what runs now.
///
/// The good deployments of a service are a stack: one that succeeded is put on top, and a rollback that succeeded takes
/// off all that lies above the image it went to. So a rollback never leads to a version that one has left.
enum LastGood {
  /// One finished deployment, as far as it concerns one service.
  struct Past: Sendable, Equatable {
    var deployment: Deployment
    var before: ImageIdentity?
    var after: ImageIdentity?
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

  /// There is no image to go back to.
  struct Nothing: Error, Equatable {
    var skipped: [Skipped]
  }

  /// - Parameters:
  ///   - history: the finished deployments of one target and service, newest first.
  ///   - running: the image that the service runs now; `nil` when it has no container.
  /// - Returns: the newest good image that does not run.
  /// - Throws: ``Nothing`` with all that was passed over.
  static func choose(history: [Past], running: ImageIdentity?) throws(Nothing) -> Choice {
    let (stack, left) = goodOnes(of: history)
    var skipped: [Skipped] = []
    for past in history {
      let deployment = past.deployment
      let outcome = deployment.outcome?.rawValue ?? "running"
      guard deployment.outcome == .succeeded else {
        skipped.append(
          Skipped(deployment: deployment, reason: deployment.reason.map { "\(outcome): \($0)" } ?? outcome))
        continue
      }
      guard let image = past.after else {
        skipped.append(Skipped(deployment: deployment, reason: "it removed the service"))
        continue
      }
      if let rollback = left[deployment.id] {
        skipped.append(Skipped(deployment: deployment, reason: "undone by rollback \(rollback)"))
      } else if image.id == running?.id {
        skipped.append(Skipped(deployment: deployment, reason: "its image is running now"))
      } else if stack.contains(deployment.id) {
        return Choice(image: image, source: deployment, isObserved: false, skipped: skipped)
      }
    }
    guard let first = history.last, let observed = first.before, observed.id != running?.id,
      !history.contains(where: { $0.after?.id == observed.id })
    else { throw Nothing(skipped: skipped) }
    return Choice(image: observed, source: first.deployment, isObserved: true, skipped: skipped)
  }

  /// The deployments that are good, and beside each that was left the rollback that left it.
  private static func goodOnes(of history: [Past]) -> (stack: Set<Int64>, left: [Int64: Int64]) {
    var stack: [(deployment: Int64, image: String)] = []
    var left: [Int64: Int64] = [:]
    for past in history.reversed() where past.deployment.outcome == .succeeded {
      guard let image = past.after?.id else { continue }
      if past.deployment.start.kind == .rollback {
        // A rollback to an image that was never good on record has left whatever ran before it.
        let kept = stack.lastIndex { $0.image == image } ?? (stack.lastIndex { $0.image != past.before?.id } ?? -1)
        for passed in stack[(kept + 1)...] { left[passed.deployment] = past.deployment.id }
        stack.removeSubrange((kept + 1)...)
      }
      stack.append((past.deployment.id, image))
    }
    return (Set(stack.map(\.deployment)), left)
  }
}
