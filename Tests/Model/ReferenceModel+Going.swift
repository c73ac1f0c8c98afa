import Ledger

/// What comes of a rollback once it is known where each service goes, and what is recorded of it.
extension ReferenceModel {
  /// `there` is what runs already where it goes, which nobody has recorded yet.
  func carryOut(
    _ goals: [String: Goal], there: [String: Goal], _ variables: Variables, along: Set<String>,
    staying: Set<String>, _ request: Operation.Rollback, _ world: ModelWorld
  ) -> Prediction {
    var isPulled = true
    var steps: [ModelRun.Start] = []
    var removed: Set<String> = []
    let main = variables.main
    for (service, goal) in goals.sorted(by: { $0.key < $1.key }) {
      switch goal {
      case .gone: removed.insert(service)
      case .image(let image, _):
        steps.append(
          ModelRun.Start(
            service: service, image: image, reference: nameToKeep(service, on: image, world) ?? "pinned",
            variable: file.tagged.contains(service) ? variables.own[service] ?? main : main))
        isPulled =
          isPulled
          && (world.local.contains(image.id) || (world.isRegistryUp && world.published.contains(image.id)))
      case .tag(let tag):
        let reference = file.reference(service, tag)
        guard world.isRegistryUp, let id = world.registry[reference] else {
          isPulled = false
          continue
        }
        steps.append(
          ModelRun.Start(service: service, image: ModelImage(id: id, tag: tag), reference: reference, variable: main))
      }
    }
    let onlyRemoves = goals.count == removed.count
    var run = ModelRun(
      file: file, steps: steps, removed: removed, isPulled: isPulled,
      fault: onlyRemoves && request.fault?.isAtRemoval != true ? nil : request.fault,
      isIncomplete: !staying.isEmpty || there.keys.contains { world.containers[$0] != nil && !world.isHealthy($0) })
    // What runs where it goes and is unhealthy is replaced.
    run.isReplacedInPlace = Set(
      steps.filter { step in
        step.reference == "pinned" && world.containers[step.service]?.image == step.image
          && world.containers[step.service]?.isRunning == true && !world.isHealthy(step.service)
      }.map(\.service))
    let end = run.perform(on: world)
    var record = ModelRecord(
      id: nextID, kind: .rollback, outcome: end.outcome, mayHaveChanged: !goals.isEmpty && end.mayHaveChanged,
      services: Set(goals.keys).union(there.keys), tags: recordedTags(goals, there, variables, along),
      undoes: undone(by: goals, request, world))
    for service in record.services where file.tagged.contains(service) {
      record.variables[service] = variables.own[service]
    }
    record.profiles = profiles(goals.merging(there) { going, _ in going })
    record.record(end, before: world, named: Array(goals.keys) + there.keys)
    return Prediction(records: [record], after: end.world)
  }

  /// What is only down is started by its own name, as long as that means this image; and what keeps its image keeps its name.
  func nameToKeep(_ service: String, on image: ModelImage, _ world: ModelWorld) -> String? {
    guard let own = world.containers[service], own.image == image, !own.isPinned, !own.isRunning || !world.isIll(own),
      world.names[own.reference] == image.id, !file.tagged.contains(service) || own.image.tag == image.tag
    else { return nil }
    return own.reference
  }

  private func recordedTags(
    _ goals: [String: Goal], _ there: [String: Goal], _ variables: Variables, _ along: Set<String>
  ) -> Set<String> {
    let own = goals.filter { !along.contains($0.key) }.merging(there) { going, _ in going }
    return own.isEmpty ? Set(goals.keys.compactMap { variables.own[$0] }) : tags(own, variables)
  }

  /// Those under which the services that go back were deployed.
  private func profiles(_ goals: [String: Goal]) -> Set<String> {
    Set(
      goals.compactMap { service, goal in
        guard case .image(_, let sources) = goal, let source = records.first(where: { $0.id == sources.last }),
          let profile = ModelStack.profile(of: service), source.profiles.contains(profile)
        else { return nil }
        return profile
      })
  }

  /// The tag of the image that it goes to: of a service that takes the tag rather than of another, from the newest source.
  private func tags(_ goals: [String: Goal], _ variables: Variables) -> Set<String> {
    if let chosen = goals.values.lazy.compactMap({ if case .tag(let tag) = $0 { tag } else { nil } }).first {
      return [chosen]
    }
    var images: [(service: String, tag: String, sources: [Int64])] = []
    for (service, goal) in goals {
      guard case .image(let image, let sources) = goal else { continue }
      let isElsewhere = !ModelStack.takesTag(service) && file.tagged.contains(service)
      images.append((service, isElsewhere ? variables.own[service] ?? image.tag : image.tag, sources))
    }
    let ofTag = images.filter { ModelStack.takesTag($0.service) }
    if !ofTag.isEmpty { images = ofTag }
    // An image that a rollback went back to comes from the deployment that brought it, or from that rollback.
    let first = images.compactMap(\.sources.first).max()
    let last = images.compactMap(\.sources.last).max()
    return Set(images.filter { $0.sources.first == first || $0.sources.last == last }.map(\.tag))
  }

  /// The deployment that is left; `nil` where what runs is not the ledger's.
  private func undone(by goals: [String: Goal], _ request: Operation.Rollback, _ world: ModelWorld) -> Int64? {
    let running = world.images
    let sources = Set(
      goals.values.flatMap { goal -> [Int64] in
        switch goal {
        case .image(_, let sources): sources
        case .tag, .gone: []
        }
      })
    let left = goals.compactMap { service, goal -> Int64? in
      if case .image(let image, _) = goal, world.containers[service]?.image == image { return nil }
      guard let newest = records.last(where: { $0.changed(running: running).contains(service) }),
        newest.left(service, running: running[service])
      else { return nil }
      return newest.id
    }
    return left.filter { !sources.contains($0) }.max()
  }
}
