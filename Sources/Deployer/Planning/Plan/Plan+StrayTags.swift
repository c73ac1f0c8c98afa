import Ledger

extension Plan {
  /// Where the compose files have the tag's variable outside of images, and a rollback does not bring back what it said there: Compose has
  /// one value for all services, and what keeps its image is not covered.
  func strayTags(in seen: Observation) -> [String] {
    guard kind == .rollback, let project else { return [] }
    let besides = project.services.filter(\.hasTagBesides)
    let mixed = pins.compactMap { pin -> String? in
      guard besides.contains(where: { $0.name == pin.service.value && $0.takesTag }),
        let own = ImageName(pin.image.reference).tag, own != variableTag.value
      else { return nil }
      return "the compose file has \(target.tagVariable) in more than the image of \(pin.service), "
        + "which goes back to \(own): there it says \(variableTag)"
    }
    let staying = besides.filter { !$0.takesTag }.map(\.name)
      .filter { servicesOnHost.contains($0) && !affected.contains($0) }
    // Only if something goes to another version.
    let isGoing = pins.contains { seen.image(of: $0.service.value)?.id != $0.imageID }
    guard !staying.isEmpty, isGoing else { return mixed }
    let (names, verb) = (staying.joined(separator: ", "), staying.count == 1 ? "is" : "are")
    return mixed + [
      "the compose file has \(target.tagVariable) in more than images: what it says in \(names), "
        + "which \(verb) not covered, does not go back"
    ]
  }
}
