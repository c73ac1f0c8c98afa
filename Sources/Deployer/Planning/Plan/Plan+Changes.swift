import Ledger

extension Plan {
  /// What becomes of a service whose image keeps its name.
  enum Fate: Sendable, Equatable {
    /// The tag was moved, so the name stands for another image.
    case anotherImage
    /// The image stays.
    case same(UpReport.Fate)
    /// The image stays, and the container is replaced because that of another service is.
    case replaced(with: String)
  }

  /// What each service that the plan touches runs now and will run, line by line. `fates` says of services that keep
  /// their image what happens to their containers, where that is known. `unavailable` says of services why their image is not
  /// to be had.
  func changes(
    from running: Observation, fates: [String: Fate] = [:], unavailable: [String: String] = [:]
  ) -> [String] {
    let width = affected.map(\.count).max() ?? 0
    return affected.map { service in
      let gap = String(repeating: " ", count: width - service.count + 2)
      let change = change(of: service, from: running.image(of: service), fates[service])
      return service + gap + change + (unavailable[service].map { ", \($0)" } ?? "")
    }
  }

  private func change(of service: String, from now: ImageIdentity?, _ fate: Fate?) -> String {
    if alreadyGone.contains(service) { return "already gone" }
    guard let now else { return "nothing → \(next(service).map(Self.shortName) ?? "its build")" }
    guard covered.contains(service) else {
      let name = Self.shortName(of: now.reference)
      return leftOver.contains(service) ? "\(name) → removed" : "\(name), unchanged"
    }
    // An image that is only built has no name in the files.
    guard let next = next(service) else { return "\(Self.shortName(of: now.reference)) → its build" }
    let (old, new) = (Self.shortName(of: now.reference), Self.shortName(of: next))
    if keepsImage(service, now) {
      return switch fate {
      case .anotherImage: "\(new) → \(new), which is another image in the registry now"
      case .same(.stay): "\(new), unchanged"
      case .same(.start): "\(new), started"
      case .same(.areReplaced): "\(new), recreated on the same image"
      case .replaced(let other): "\(new), recreated along with \(other)"
      case .same(.change): "\(new), another number of containers"
      case nil: "\(new), the same image"
      }
    }
    if old == new, let digest = ImageName(now.reference).digest, ImageName(next).digest == nil {
      return "\(new), recreated: a rollback pinned it to \(digest.prefix(19))"
    }
    return old == new ? "\(now.reference) (\(now.id.prefix(19))) → \(next)" : "\(old) → \(new)"
  }

  /// The services that run already what they will run, by the name of the image, or by its id if it is pinned.
  func keepingImage(_ running: Observation) -> [String] {
    covered.filter { service in running.image(of: service).map { keepsImage(service, $0) } ?? false }
  }

  private func keepsImage(_ service: String, _ now: ImageIdentity) -> Bool {
    let pinned = pins.first { $0.service.value == service }?.imageID
    return pinned.map { $0 == now.id } ?? (next(service) == now.reference)
  }

  private func next(_ service: String) -> String? { images.first { $0.service == service }?.reference }

  /// The tag, which is what changes most of the time; of an image that has none, its digest or its name.
  private static func shortName(of reference: String) -> String {
    let name = ImageName(reference)
    guard !reference.hasPrefix("sha256:") else { return String(reference.prefix(19)) }
    return name.tag ?? name.digest.map { String($0.prefix(19)) } ?? name.repository
  }
}
