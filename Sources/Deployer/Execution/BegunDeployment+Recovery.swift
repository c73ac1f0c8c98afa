import Ledger

extension BegunDeployment {
  /// What restores what ran before, if the services did not become healthy and the inventory asks for it: images that changed
  /// go back, services that were new are removed, services that are gone come back. `nil` if nothing ran before.
  func recovery() async -> Preparation? {
    let plan = preparation.plan
    guard plan.target.rollbackOnFailure, plan.kind == .deploy, end.hostChanged, end.outcome == .failed,
      let before = end.before, !before.containers.isEmpty, let after = end.after
    else { return nil }
    let records = RollbackRecords(ledger: context.ledger, target: plan.target.name.value)
    var pins: [Pin] = []
    var removed: [String] = []
    var unrestored: [String] = []
    var ill: [String] = []
    var stopped: [Pin] = []
    var staying: [String] = []
    for name in Set(plan.affected).sorted() {
      let image = before.image(of: name)
      guard image?.id != after.image(of: name)?.id else {
        // One that was only to be removed is as it was before, however that is, and so is one that never got a container.
        guard plan.covered.contains(name), let image else { continue }
        // Its container has what the tag said elsewhere in the file.
        if plan.project?.service(name)?.hasTagBesides == true, !before.hasSame(name, as: after),
          let service = try? ServiceName(name)
        {
          let pin = Pin(service: service, image: image)
          pins.append(after.name(of: name).map(pin.named) ?? pin)
          continue
        }
        guard !after.containers(of: name).allSatisfy(after.isUp) else {
          staying.append(name)
          continue
        }
        // Compose stops what depends on a service that it replaces, and a failure keeps it from starting that again.
        if after.shortage(of: name, in: plan.project) != nil, let service = try? ServiceName(name) {
          stopped.append(Pin(service: service, image: image))
        } else {
          ill.append("\(name) stays as it is: its image did not change, and it is not healthy")
        }
        continue
      }
      var goal = image
      if goal == nil {
        // One that somebody had removed is not new.
        goal = await leftBefore(name, records)
        guard goal == nil || goal?.id != after.image(of: name)?.id else {
          staying.append(name)
          continue
        }
      }
      guard let image = goal else {
        removed.append(name)
        continue
      }
      if let other = image.repository(otherThan: plan.project?.repository(of: name)) {
        unrestored.append("\(name) stays as it is: what ran before is of another repository, \(other)")
        continue
      }
      if let failed = await failedBefore(name, image, before, records) {
        context.progress(
          .warning(
            "not rolled back automatically: deployment \(failed), which left \(name) down, did not succeed either"))
        return nil
      }
      if let service = try? ServiceName(name) { pins.append(Pin(service: service, image: image)) }
    }
    // What took the place of one that cannot come back stays.
    let lost = await lost(bringing: removed, before, after, records)
    for name in removed {
      guard let reason = lost.reasonToStay(name, on: after.image(of: name)) else { continue }
      unrestored.append(reason.line)
      removed.removeAll { $0 == name }
    }
    // Without another image, what was recreated failed by itself; what was only stopped did not.
    if pins.isEmpty, removed.isEmpty { stopped.removeAll { !before.wasStopped($0.service.value, by: after) } }
    guard !pins.isEmpty || !removed.isEmpty || !stopped.isEmpty else {
      let none = "nothing is rolled back: no image changed"
      for line in unrestored.isEmpty ? [none] : unrestored { context.progress(.warning(line)) }
      return nil
    }
    var back = preparation
    back.observed = nil
    let tags = await tags(of: pins + stopped, records)
    back.plan = plan.goingBack(to: pins + stopped, with: tags, removing: removed, from: before)
    back.plan.undoes = id
    back.plan.unrestored = unrestored + ill
    back.plan.staying = staying
    if let project = plan.project { back.plan.addDependents(in: project, observed: after) }
    return back
  }
}

extension BegunDeployment {
  /// What the tag's variable had before for the services in which the compose file has that elsewhere than in the image.
  private func tags(of pins: [Pin], _ records: RollbackRecords) async -> [String: ImageTag] {
    var found: [String: ImageTag] = [:]
    for pin in pins {
      guard let own = preparation.plan.project?.service(pin.service.value), own.hasTagBesides else { continue }
      let known = try? await records.variable(of: own.name, takesTag: own.takesTag, on: pin.imageID, before: id)
      let tag = (known ?? nil) ?? (own.takesTag ? ImageName(pin.image.reference).tag : nil)
      found[own.name] = tag.flatMap { try? ImageTag($0) }
    }
    return found
  }

  /// What the deployment before this one had left of a service, as far as the ledger can be read.
  private func leftBefore(_ service: String, _ records: RollbackRecords) async -> ImageIdentity? {
    (try? await records.left(service, before: id)) ?? nil
  }
}

extension BegunDeployment {
  /// The deployment before this one that did not succeed and had put there what a service had when this one began, if that was not up:
  /// there is no point in restoring it.
  private func failedBefore(
    _ service: String, _ image: ImageIdentity, _ before: Observation, _ records: RollbackRecords
  ) async -> Int64? {
    guard !before.telling(of: service).allSatisfy(before.isUp),
      let past = try? await records.history(of: service).first(where: \.reachedHost),
      past.deployment.outcome != .succeeded, past.before?.id != image.id, past.explains(image)
    else { return nil }
    return past.deployment.id
  }

  /// The services that ran before and have no place in the compose file any more, as far as the ledger can be read.
  private func lost(
    bringing brought: [String], _ before: Observation, _ after: Observation, _ records: RollbackRecords
  ) async -> [LostServices.Lost] {
    guard !brought.isEmpty else { return [] }
    let images = before.services.compactMap { service in before.image(of: service).map { (service, $0) } }
    let cause = LostServices.Cause(
      first: id, before: Dictionary(images) { first, _ in first }, changed: preparation.plan.affected, brought: brought)
    let lost = LostServices(records: records, running: after, project: preparation.plan.project)
    return (try? await lost.since(cause)) ?? []
  }
}

extension Observation {
  /// Whether a service was well, and `later` has the same containers.
  fileprivate func wasStopped(_ service: String, by later: Observation) -> Bool {
    let own = containers(of: service)
    return own.allSatisfy(isUp) && hasSame(service, as: later)
  }

  /// The name of the image that a service's containers were created with, if it is no digest.
  fileprivate func name(of service: String) -> String? {
    let own = containers(of: service)
    return own.first.flatMap { first in
      own.allSatisfy { $0.reference == first.reference } && !first.isPinned ? first.reference : nil
    }
  }

  /// Whether `later` has the same containers of a service.
  fileprivate func hasSame(_ service: String, as later: Observation) -> Bool {
    Set(containers(of: service).map(\.id)) == Set(later.containers(of: service).map(\.id))
  }
}

extension Plan {
  /// The plan of the rollback that follows this one.
  fileprivate func goingBack(
    to pins: [Pin], with tags: [String: ImageTag], removing removed: [String], from before: Observation
  ) -> Plan {
    var back = self
    back.kind = .rollback
    back.fileTags = tags
    back.pins = pins
    back.services = pins.map(\.service)
    back.dependents = []
    back.jobsLeftOut = []
    back.leftOver = removed
    back.commit = nil
    back.isDirty = nil
    back.profiles = profiles.filter { profile in
      pins.contains { project?.service($0.service.value)?.profiles.contains(profile.value) ?? false }
    }
    let following = pins.first { project?.service($0.service.value)?.takesTag ?? false }
    if following == nil {
      back.tagInFiles =
        pins.lazy.compactMap { tags[$0.service.value] }.first ?? before.tag(in: project).flatMap { try? ImageTag($0) }
    }
    if let tagged = following ?? pins.first, let tag = ImageName(tagged.reference).tag.flatMap({ try? ImageTag($0) }) {
      back.tag = tag
    }
    return back
  }
}
