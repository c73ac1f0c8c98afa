import Ledger

extension Plan {
  /// The covered services whose image is fetched by its name from a registry, those apart that a build could give one.
  var fetched: (byName: [String], orBuilt: [String]) {
    let pinned = covered.filter { name in pins.contains { $0.service.value == name } }
    let others = covered.compactMap { project?.service($0) }.filter { service in
      service.image != nil && service.pullPolicy != "never" && !pinned.contains(service.name)
    }
    return (pinned + others.filter { !$0.isBuilt }.map(\.name), others.filter(\.isBuilt).map(\.name))
  }

  /// The services that Compose would not pull by their own policy, even when it is told to.
  var alwaysPulled: [String] {
    (fetched.byName + fetched.orBuilt).filter { ["never", "build"].contains(project?.service($0)?.pullPolicy) }
  }

  /// The covered services whose image no registry is asked for: it has to be on the host.
  var localImages: [(service: String, image: String, isBuilt: Bool)] {
    covered.compactMap { name in
      guard let project, let service = project.service(name), !pins.contains(where: { $0.service.value == name })
      else { return nil }
      guard let image = service.image else { return service.isBuilt ? (name, "\(project.name)-\(name)", true) : nil }
      return service.pullPolicy == "never" ? (name, image, service.isBuilt) : nil
    }
  }

  /// The images that services are to run, as far as the plan decides that.
  var images: [(service: String, reference: String)] {
    covered.compactMap { name in
      let pin = pins.first { $0.service.value == name }?.reference
      return (pin ?? project?.service(name)?.image).map { (name, $0) }
    }
  }

  /// The names that the containers of services have which are down, or too few, on the very image that they are pinned to.
  func namesOfStopped(_ seen: Observation) -> [String: String] {
    let named = pins.compactMap { pin -> (String, String)? in
      let own = seen.telling(of: pin.service.value)
      guard let first = own.first,
        own.allSatisfy({ $0.imageID == pin.imageID && $0.reference == first.reference && $0.isStartable }),
        own.filter(\.hasProcess).allSatisfy(seen.isUp),
        // What the file has elsewhere of another tag does not go with this one's name.
        fileTags[pin.service.value] == nil || ImageName(first.reference).tag == ImageName(pin.image.reference).tag
      else { return nil }
      return first.isPinned ? nil : (pin.service.value, first.reference)
    }
    return Dictionary(named) { first, _ in first }
  }

  /// Pins these services by their containers' own names, where the host knows the image by that: so Compose starts the container instead
  /// of replacing it, now and with the next deployment. `ids` are those of the images that the names mean.
  mutating func keepNames(_ names: [String: String], _ ids: [String: String]) {
    pins = pins.map { pin in
      guard let name = names[pin.service.value], ids[name] == pin.imageID else { return pin }
      return pin.named(name)
    }
  }

  /// What is said of names that mean another image by now.
  func movedNames(_ ids: [String: String]) -> [String] {
    pins.filter { $0.isByName && ids[$0.reference] != $0.imageID }.map { pin in
      "\(pin.reference) is another image on \(target.host) since the rollback was chosen"
    }
  }

  /// What is said of pinned images that are not `present` on the host, and that no registry can give.
  func lostImages(_ present: Set<String>) -> [String] {
    pins.filter { $0.image.digest == nil && !present.contains($0.reference) }.map { pin in
      "\(target.host) no longer has the image \(pin.reference.prefix(19)) that \(pin.service) ran (\(pin.image.reference)), "
        + "and no registry knows it"
    }
  }

  /// An image of another repository than the compose files name for its service, which nobody has chosen.
  var stranger: String? {
    services.lazy.compactMap { service -> String? in
      let image = pins.first { $0.service == service }?.image
      return image?.repository(otherThan: project?.repository(of: service.value)).map {
        "\(service): the last good image is of another repository, \($0)"
      }
    }.first
  }

  /// The services whose containers have the right name and not the image that it names on the host: what `up` would replace.
  func outdated(in seen: Observation, _ ids: [String: String]) -> [String] {
    images.compactMap { service, reference in
      guard let id = ids[reference], seen.containers(of: service).contains(where: { $0.imageID != id }) else {
        return nil
      }
      return "\(service) does not run \(reference)"
    }
  }

  /// What is wrong with the images that `seen` runs: each covered service has to run the one that it is pinned to, or the
  /// one that its compose file names with the deployment's tag.
  func wrongImages(in seen: Observation) -> [String] {
    covered.flatMap { service -> [String] in
      let containers = seen.containers(of: service)
      if let pin = pins.first(where: { $0.service.value == service }) {
        let isWrong = containers.contains { container in
          let digests = (seen.digests[container.imageID] ?? []).map { Optional($0) } + [nil]
          return !digests.contains { digest in
            ImageIdentity(reference: "", id: container.imageID, digest: digest).isSame(as: pin.image)
          }
        }
        return isWrong ? ["\(service) does not run \(pin.reference)"] : []
      }
      guard let wanted = project?.service(service), wanted.takesTag, let image = wanted.image,
        let wrong = containers.first(where: { $0.reference != image })
      else { return [] }
      return ["\(service) runs \(wrong.reference), not \(image)"]
    }
  }
}
