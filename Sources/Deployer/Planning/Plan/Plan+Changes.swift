import Ledger

extension Plan {
  /// What each service that the plan touches runs now and will run, line by line. `unavailable` says of services why their
  /// image is not to be had.
  func changes(from running: Observation, unavailable: [String: String] = [:]) -> [String] {
    let width = affected.map(\.count).max() ?? 0
    return affected.map { service in
      let gap = String(repeating: " ", count: width - service.count + 2)
      let change = change(of: service, from: running.image(of: service))
      return service + gap + change + (unavailable[service].map { ", \($0)" } ?? "")
    }
  }

  private func change(of service: String, from now: ImageIdentity?) -> String {
    guard let now else { return "nothing → \(next(service).map(Self.shortName) ?? "its build")" }
    guard covered.contains(service) else { return "\(Self.shortName(of: now.reference)) → removed" }
    // An image that is only built has no name in the files.
    guard let next = next(service) else { return "\(Self.shortName(of: now.reference)) → its build" }
    let pinned = pins.first { $0.service.value == service }?.imageID
    let isSame = pinned.map { $0 == now.id } ?? (next == now.reference)
    let (old, new) = (Self.shortName(of: now.reference), Self.shortName(of: next))
    if isSame { return "\(new), unchanged" }
    return old == new ? "\(now.reference) (\(now.id.prefix(19))) → \(next)" : "\(old) → \(new)"
  }

  private func next(_ service: String) -> String? { images.first { $0.service == service }?.reference }

  /// The tag, which is what changes most of the time; of an image that has none, its digest or its name.
  private static func shortName(of reference: String) -> String {
    let name = ImageName(reference)
    guard !reference.hasPrefix("sha256:") else { return String(reference.prefix(19)) }
    return name.tag ?? name.digest.map { String($0.prefix(19)) } ?? name.repository
  }
}
