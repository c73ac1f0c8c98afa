import Platform

@testable import Deployer

/// What Compose does to the containers.
extension FakeHost.State {
  /// Starts a container of an image in place of the one that there is; returns what Compose prints about it.
  mutating func replace(_ service: String, _ reference: String, _ id: String) -> String {
    let wanted = replicas[service] ?? 1
    guard needsReplacing(service, reference, id) else { return " Container \(service)  Running" }
    if isOnlyDown(service, reference, id) {
      start(service)
      return " Container \(service)  Starting"
    }
    containers.removeAll { $0.service == service }
    for _ in 1...wanted {
      created += 1
      if broken.contains(service) { brokenContainers.insert("c\(created)") }
      containers.append(container(service, reference, id))
    }
    return " Container \(service)  Started"
  }

  private func needsReplacing(_ service: String, _ reference: String, _ id: String) -> Bool {
    !isOnlyDown(service, reference, id)
      || containers.contains { $0.service == service && $0.state != "running" }
  }

  /// Whether the service has the containers that it should have, be they stopped: Compose starts these.
  private func isOnlyDown(_ service: String, _ reference: String, _ id: String) -> Bool {
    let there = containers.filter { $0.service == service }
    return !replacesAll && there.count == replicas[service] ?? 1
      && there.allSatisfy { container in
        container.imageID == id && (!namesMatter || container.reference == reference)
          && brokenContainers.contains(container.id) == broken.contains(service)
          && shownTags[container.id] == (tagged.contains(service) ? tagVariable : nil)
      }
  }

  /// What Compose says that it would do to the containers of these services.
  func rehearsed(_ all: [(service: String, reference: String)]) -> UpReport {
    guard let rehearsal else { return UpReport([], isComplete: false) }
    return UpReport(
      all.flatMap { service, reference in
        let isKept = image(reference).map { isOnlyDown(service, reference, $0) } ?? true
        return containers.filter { $0.service == service }.map { container in
          "Container \(container.name) \(rehearsal[service] ?? (isKept ? "Running" : "Recreate"))"
        }
      })
  }

  private mutating func start(_ service: String) {
    guard !unstartable.contains(service) else { return }
    for index in containers.indices where containers[index].service == service && containers[index].state != "running" {
      (containers[index].state, containers[index].since) = ("running", Self.date(clock).formatted(.iso8601))
    }
  }

  /// What Compose does where it cannot create one of several containers: it has created others beside those that run, and replaces none.
  /// Returns what it says; `nil` if it can create all of them.
  mutating func createInVain(_ all: [(service: String, reference: String)]) -> String? {
    let needed = all.filter { service, reference in
      image(reference).map { !isOnlyDown(service, reference, $0) } ?? false
    }
    guard let failed = needed.first(where: { uncreatable.contains($0.service) }) else { return nil }
    for (service, reference) in needed where !uncreatable.contains(service) {
      guard let id = image(reference) else { continue }
      let isBeside = containers.contains { $0.service == service }
      created += 1
      var container = container(service, reference, id)
      (container.state, container.name) = ("created", isBeside ? "0123456789ab_\(service)" : service)
      containers.append(container)
    }
    return "Error response from daemon: Conflict. The container name \"/\(failed.service)\" is already in use"
  }

  /// What Compose leaves where it ends while it replaces the first one that it has to: the old container is stopped, and the new one,
  /// beside it, has never been started.
  mutating func stopNext(of all: [(service: String, reference: String)]) {
    let next = all.first { service, reference in
      !uncreatable.contains(service) && image(reference).map { !isOnlyDown(service, reference, $0) } ?? false
    }
    guard let (service, reference) = next, let id = image(reference) else { return }
    containers.removeAll { $0.service == service && $0.state == "created" }
    for index in containers.indices where containers[index].service == service {
      (containers[index].state, containers[index].health) = ("exited", nil)
    }
    let isBeside = containers.contains { $0.service == service }
    created += 1
    if broken.contains(service) { brokenContainers.insert("c\(created)") }
    var new = container(service, reference, id)
    (new.state, new.name) = ("created", isBeside ? "0123456789ab_\(service)" : service)
    containers.append(new)
  }

  /// Whether Compose could not start it.
  func isBlocked(_ service: String) -> Bool {
    unstartable.contains(service) && containers.contains { $0.service == service && $0.state != "running" }
  }

  mutating func clear(_ leftovers: [Leftover]) {
    for leftover in leftovers {
      if leftover.isSpare {
        containers.removeAll { $0.id == leftover.id }
      } else if let index = containers.firstIndex(where: { $0.id == leftover.id }) {
        containers[index].name = leftover.ownName
      }
    }
  }

  private mutating func container(_ service: String, _ reference: String, _ id: String) -> Observation.Container {
    tagVariables["c\(created)"] = tagVariable
    if tagged.contains(service) { shownTags["c\(created)"] = tagVariable }
    let now = Self.date(clock).formatted(.iso8601)
    return Observation.Container(
      service: service, id: "c\(created)", reference: reference, imageID: id,
      state: unstartable.contains(service) ? "created" : "running", health: nil, restarts: 0, exitCode: 0, since: now,
      created: String(now.dropLast()), name: service, restartPolicy: "unless-stopped", project: "stack",
      directory: "/opt/core", imageLabel: id)
  }
}
