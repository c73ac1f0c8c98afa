import Ledger

extension Plan {
  /// Takes along the services that share a namespace with one that was named. They get new containers of the image that they
  /// run: nobody asked for another one.
  mutating func addDependents(in project: ComposeProject, observed: Observation?) {
    guard !isWhole else { return }
    let running = observed ?? .nothing
    dependents = project.dependents(of: services.map(\.value)).filter(running.services.contains)
    for name in dependents {
      guard let service = try? ServiceName(name), let image = running.image(of: name) else { continue }
      // One that follows the tag keeps its own.
      let isTagged = project.service(name).map { $0.takesTag && $0.hasTagBesides } ?? false
      if isTagged { fileTags[name] = ImageName(image.reference).tag.flatMap { try? ImageTag($0) } }
      pins.append(Pin(service: service, image: image))
    }
  }
}
