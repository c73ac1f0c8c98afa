/// What was asked of the host beyond the check, because something about the stack stands out.
struct StackFacts: Sendable {
  /// The files as they are written, where an image or an unset variable has to be explained.
  var uninterpolated: ComposeProject?
  /// Where the unset variables stand.
  var places: [VariablePlace] = []
  /// The directories that containers of the project come from, other than the stack's own.
  var directories: [String: OtherDirectory] = [:]
  /// The images on the host, of those that no registry is asked for.
  var localImages: Set<String> = []

  /// Asks what `plan` makes necessary: usually nothing. A question without an answer is never taken for a good answer.
  static func gather(
    for plan: Plan, _ project: ComposeProject, unset: [String], observed: Observation?, reader: StackReader,
    on host: RemoteHost
  ) async throws(HostError) -> StackFacts {
    var facts = StackFacts()
    if !unset.isEmpty || !project.services.contains(where: \.takesTag) {
      facts.uninterpolated = await reader.uninterpolated(on: host)
    }
    if !unset.isEmpty { facts.places = try await host.locate(unset) }
    let others = observed?.foreignDirectories(to: plan.target) ?? []
    if !others.isEmpty { facts.directories = try await host.compareDirectories(others) }
    let local = plan.localImages.map(\.image)
    if !local.isEmpty { facts.localImages = try await host.presentImages(local) }
    return facts
  }
}

extension Observation {
  /// Where containers come from, other than from the directories of the target's compose files.
  func foreignDirectories(to target: Target) -> [String] {
    let folder = target.composeFiles.first?.split(separator: "/").dropLast().joined(separator: "/") ?? ""
    let own = [target.directory, folder.isEmpty ? target.directory : "\(target.directory)/\(folder)"]
    return Set(containers.map(\.directory)).subtracting(own).subtracting([""]).sorted()
  }
}
