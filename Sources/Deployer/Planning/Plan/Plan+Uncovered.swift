import Ledger

extension Plan {
  /// What becomes of the containers that a deployment of everything does not start, since none of their service's profiles is asked
  /// for: a line each. Nobody reads that from the list of services.
  func notes(on observed: Observation) -> [String] {
    guard isWhole, let project else { return [] }
    let active = Set(servicesOnHost)
    return observed.services.filter { !active.contains($0) }.compactMap { name in
      guard let profiles = project.service(name)?.profiles, !profiles.isEmpty else { return nil }
      let asked = "profile \(profiles.joined(separator: " or ")) is not asked for"
      guard !leftOver.contains(name) else {
        return "\(name): stopped and removed once the others are healthy, as \(asked)"
      }
      let runs = observed.only([name]).containers.contains { $0.state == "running" }
      let tag = observed.image(of: name).flatMap { ImageName($0.reference).tag }
      return runs ? "\(name): not covered, stays\(tag.map { " on \($0)" } ?? ""), as \(asked)" : nil
    }
  }
}
