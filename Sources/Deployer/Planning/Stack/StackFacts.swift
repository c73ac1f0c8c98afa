/// What was asked of the host beyond the check, because something about the stack stands out.
struct StackFacts: Sendable {
  /// The files as they are written, where an image or an unset variable has to be explained.
  var uninterpolated: ComposeProject?
  /// Where the unset variables stand.
  var places: [VariablePlace] = []
  /// The directories that containers of the project come from, other than the stack's own.
  var directories: [String: OtherDirectory] = [:]
  /// The compose files that a deployment reads.
  var files: [String] = []
  /// The images on the host, of those that no registry is asked for.
  var localImages: Set<String> = []
  /// The containers that have the names which new containers are to have.
  var holders: [String: NameHolder] = [:]

  /// Asks what `plan` makes necessary: usually nothing. A question without an answer is never taken for a good answer.
  static func gather(
    for plan: Plan, _ project: ComposeProject, unset: [String], observed: Observation?, files: [String],
    reader: StackReader, on host: RemoteHost
  ) async throws(HostError) -> StackFacts {
    var facts = StackFacts(files: files)
    if !unset.isEmpty || !project.services.contains(where: \.takesTag) {
      facts.uninterpolated = await reader.uninterpolated(on: host)
    }
    if !unset.isEmpty { facts.places = try await host.locate(unset) }
    let others = observed?.directories(otherThan: plan.target.directory, composeFile: files.first) ?? []
    if !others.isEmpty { facts.directories = try await host.compareDirectories(others) }
    let local = plan.localImages.map(\.image)
    if !local.isEmpty { facts.localImages = Set(try await host.presentImages(local).keys) }
    let names = plan.namesWithoutContainer(in: project, observed ?? .nothing)
    if !names.isEmpty { facts.holders = try await host.holders(names) }
    return facts
  }
}

extension Plan {
  /// The names that the files give containers of covered services, where the service has no such container yet.
  fileprivate func namesWithoutContainer(in project: ComposeProject, _ observed: Observation) -> [String] {
    covered.compactMap { service in
      guard let name = project.service(service)?.containerName else { return nil }
      return observed.containers.contains { $0.service == service && $0.name == name } ? nil : name
    }
  }
}

extension Observation {
  /// Where containers come from, other than from the stack's directory and the folder of its first compose file, which is
  /// what Compose writes into their labels.
  func directories(otherThan directory: String, composeFile: String?) -> [String] {
    let file = composeFile.map { $0.hasPrefix("/") ? $0 : "\(directory)/\($0)" } ?? ""
    return Set(containers.map(\.directory)).subtracting([directory, Self.folder(of: file), ""]).sorted()
  }

  /// The folder of an absolute path, without `.` and `..`.
  private static func folder(of path: String) -> String {
    let parts = path.split(separator: "/").dropLast().reduce(into: [Substring]()) { parts, part in
      if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}
