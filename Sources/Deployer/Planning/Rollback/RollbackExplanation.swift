import Ledger
import Platform

/// Explains where a rollback goes, and what it passed over on the way.
enum RollbackExplanation {
  static func lines(_ service: ServiceName, _ choice: LastGood.Choice) -> [String] {
    let where_ = name(of: choice.image)
    let why =
      choice.isObserved
      ? "observed before deployment \(choice.source.id), not known to be good" : words(for: choice.source)
    return ["\(service): back to \(where_) (\(why))"] + skipped(choice.skipped)
  }

  static func lines(_ service: ServiceName, nothing: LastGood.Nothing) -> [String] {
    ["\(service): nothing to go back to"] + skipped(nothing.skipped)
  }

  static func lines(_ service: ServiceName, tag: ImageTag, known: (image: ImageIdentity, by: Deployment?)?) -> [String]
  {
    guard let image = known?.image else {
      return ["\(service): to tag \(tag), which the ledger has not seen on it"]
    }
    guard let deployment = known?.by else {
      return ["\(service): to \(name(of: image)) as requested (observed, not known to be good)"]
    }
    return lines(service, image, chosen: deployment)
  }

  static func lines(_ service: ServiceName, _ image: ImageIdentity, chosen deployment: Deployment) -> [String] {
    ["\(service): to \(name(of: image)) as requested (\(words(for: deployment)))"]
  }

  /// What has changed since the deployments that vouch for the images; a rollback uses today's.
  static func changes(
    since sources: [Deployment], secrets: [SecretVersion], composeDigest: String?
  ) -> [String] {
    var lines: [String] = []
    var seen: Set<Int64> = []
    for source in sources where seen.insert(source.id).inserted {
      for now in secrets {
        guard let then = source.start.secretVersions.first(where: { $0.item == now.item }), then.version != now.version
        else { continue }
        lines.append(
          "the 1Password item \(now.item) has changed since deployment \(source.id) (version \(then.version) then, "
            + "\(now.version) now); today's secrets are used")
      }
      if let then = source.composeDigest, let composeDigest, then != composeDigest {
        lines.append("the compose file has changed since deployment \(source.id); today's is used")
      }
    }
    return lines
  }

  /// The lines of each service. What was passed over for the same reasons as for one above is not told again, if it is long.
  static func lines(of ways: [RollbackWay]) -> [String] {
    var told: [[String]: ServiceName] = [:]
    return ways.flatMap { way -> [String] in
      let passedOver = Array(way.explanation.dropFirst())
      if passedOver.joined().count > 100, let other = told[passedOver] {
        return way.explanation.prefix(1) + ["  the same deployments were passed over as for \(other)"]
      }
      told[passedOver] = way.service
      return way.explanation
    }
  }

  private static func skipped(_ skipped: [LastGood.Skipped]) -> [String] {
    let limit = 5
    let lines = skipped.prefix(limit).map { entry in
      "  not deployment \(entry.deployment.id) (\(entry.deployment.start.tag ?? "no tag")): \(entry.reason)"
    }
    let older = skipped.count - limit
    return older > 0 ? lines + ["  and \(older) older one\(older == 1 ? "" : "s")"] : lines
  }

  private static func words(for deployment: Deployment) -> String {
    let outcome = deployment.outcome?.rawValue ?? "running"
    return "deployment \(deployment.id), \(outcome) \(deployment.startedAt.formatted(.iso8601)), "
      + "by \(deployment.start.operator)"
  }

  static func name(of image: ImageIdentity) -> String {
    let name = ImageName(image.reference)
    let sum = image.digest.flatMap { ImageName($0).digest } ?? image.id
    return "\(name.tag ?? name.repository) \(sum.prefix(19))…"
  }
}
