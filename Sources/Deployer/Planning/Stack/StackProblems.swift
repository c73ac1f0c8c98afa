import Ledger

/// What about a stack stands in the way of a plan, or has to be said first. Decided from what Compose and Docker reported.
struct StackProblems: Sendable {
  let plan: Plan
  let project: ComposeProject
  /// The variables that Compose found not set.
  let unset: [String]
  /// The containers of the project.
  let observed: Observation
  let facts: StackFacts

  private var target: Target { plan.target }

  /// What makes the plan impossible.
  var problems: [Problem] {
    [foreignStack, droppedFiles, untakenTag, nothingActive].compactMap { $0 } + rivals + takenNames + unsetVariables
      + missingImages
  }

  /// What an operator has to know before anything changes.
  var warnings: [String] {
    [movedStack, stayingImages, orphans, jobsNotRun].compactMap { $0 }
      + leftovers + ownValues + withoutReplicas + jobsRunAgain + neededAndDown
  }

  private var leftovers: [String] {
    observed.leftovers(of: plan.covered).map { leftover in
      let fate = leftover.isSpare ? "is removed" : "gets its name \(leftover.ownName)"
      return "an 'up' that ended early left \(leftover.name), which has never run: it \(fate) first"
    }
  }

  /// A service that has a variable of the deployment from elsewhere does not get the deployment's value.
  private var ownValues: [String] {
    let given = Dictionary(target.environment.map { ($0.name.value, $0.value) }) { first, _ in first }
    var names = Set(given.keys).union([target.tagVariable.value])
    // Where Compose got the secrets themselves, none can be told from another value.
    if project.services.contains(where: { !$0.secretVariables.isEmpty }) {
      names.formUnion(target.secrets.map(\.name.value))
    }
    let own = plan.covered.compactMap { project.service($0) }.map { service in
      let names = service.ownVariables.filter { names.contains($0.key) && $0.value != given[$0.key] }.keys.sorted()
      return (service: service.name, names: names.joined(separator: ", "))
    }
    // Services that share an env_file have the same ones.
    return Dictionary(grouping: own.filter { !$0.names.isEmpty }, by: \.names).sorted { $0.key < $1.key }.map {
      names, found in
      let services = found.map(\.service).joined(separator: ", ")
      return "in the compose file or an env_file, \(services) \(found.count == 1 ? "has" : "have") another value for "
        + "\(names), which wins over the deployment's: take it out there; where it is needed, set it with "
        + "'NAME: ${NAME}' under 'environment:'"
    }
  }

  /// What a covered service depends on, and nobody starts: a single service is deployed without it.
  private var neededAndDown: [String] {
    plan.covered.compactMap { project.service($0) }.compactMap { service in
      let down = service.dependencies.filter { needed in
        !needed.needsCompletion && !plan.covered.contains(needed.service)
          && (!observed.services.contains(needed.service) || observed.isDown(needed.service, in: project))
      }.map(\.service)
      guard !down.isEmpty else { return nil }
      let verb = down.count == 1 ? "does" : "do"
      return "\(service.name) depends on \(down.joined(separator: ", ")), which \(verb) not run"
    }
  }

  private var jobsNotRun: String? {
    plan.jobsLeftOut.isEmpty
      ? nil
      : "\(plan.jobsLeftOut.joined(separator: ", ")) will not run: a deployed service needs it, but it is not deployed"
  }

  /// What a migration did to the data is not undone with the image.
  private var jobsRunAgain: [String] {
    guard plan.kind == .rollback else { return [] }
    let jobs = plan.covered.filter { name in
      project.isAwaitedJob(name)
        || observed.telling(of: name).contains {
          $0.state == "exited" && $0.exitCode == 0 && Job.isOne($0, in: project)
        }
    }
    let others = plan.services.map(\.value).filter { !jobs.contains($0) }.joined(separator: " ")
    let without = others.isEmpty ? "" : "; if the job cannot work with that: ktrdr rollback \(target.name) \(others)"
    return jobs.map { "\($0) runs again, on the image that it goes back to; data stays as it is\(without)" }
  }

  private var withoutReplicas: [String] {
    plan.covered.filter { project.service($0)?.replicas == 0 }.map {
      "the compose file wants no container of \($0): nothing of it will run"
    }
  }

  /// Two directories of one base name are one project to Compose: its `up` would take the other stack's containers.
  private var foreignStack: Problem? {
    let others = facts.directories.filter { $0.value == .another }.keys.sorted()
    guard !others.isEmpty else { return nil }
    return Problem(
      .host,
      "\(target.directory) and \(others.joined(separator: ", ")) on \(target.host) are both the Compose project "
        + "\(project.name): deploying one would replace the containers of the other",
      nextStep: "give one of them another name: 'name:' at the top of its compose file")
  }

  /// Compose would take away what the files gave that a deployment does not read: ports, restart policies, health checks. Their
  /// number tells: a file may have a new name, and a directory has many paths.
  private var droppedFiles: Problem? {
    guard target.composeFiles.isEmpty, !facts.files.isEmpty else { return nil }
    let made = observed.only(plan.covered).containers.map { container in
      // Standard input is where a rollback pins images.
      (container.service, container.files.map(Self.lastPart).filter { $0 != "-" })
    }
    guard let (service, files) = made.first(where: { $0.1.count > facts.files.count }) else { return nil }
    let list = files.joined(separator: ", ")
    return Problem(
      .host,
      "\(service) was created from \(list), and a deployment of \(target.name) reads only "
        + "\(facts.files.joined(separator: ", ")): it would lose what the others give it",
      nextStep: "name them for \(target.name) in the inventory: 'compose_files: [\(list)]'; "
        + "or name only those that it is to have")
  }

  private static func lastPart(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  private var rivals: [Problem] {
    plan.affected.compactMap { service in
      let rivals = observed.rivals(of: service, in: project)
      guard !rivals.isEmpty else { return nil }
      let list = rivals.map { "\($0.name) on \($0.reference)" }.joined(separator: ", ")
      return Problem(
        .host, "\(service) has one container in the compose file, but several run different images: \(list)",
        nextStep: "remove the one that does not belong on \(target.host): docker rm -f NAME")
    }
  }

  private var movedStack: String? {
    let old = facts.directories.filter { $0.value != .another }.keys.sorted()
    guard !old.isEmpty else { return nil }
    return "the containers of \(target.name) were created from \(old.joined(separator: ", ")), "
      + "which is now \(target.directory)"
  }

  private var untakenTag: Problem? {
    guard plan.kind == .deploy, !project.services.contains(where: \.takesTag) else { return nil }
    let images = facts.uninterpolated?.services.compactMap(\.image) ?? []
    let own = images.reduce(into: Set<String>()) { $0.formUnion(VariableNames.mentioned(in: $1)) }.sorted()
    let variable = target.tagVariable
    let what = "no image of \(target.name) takes \(variable), so the tag \(plan.tag) would change nothing"
    guard !own.isEmpty else {
      return Problem(.host, what, nextStep: "write ${\(variable)} where the compose file names the image's tag")
    }
    let likely = own.count == 1 ? own[0] : own.first { $0.contains("TAG") || $0.contains("VERSION") } ?? "NAME"
    return Problem(
      .host, "\(what); its images use \(own.joined(separator: ", "))",
      nextStep: "name the one that holds the tag: 'tag_variable: \(likely)' for \(target.name)")
  }

  /// Where every service has a profile, and none is asked for.
  private var nothingActive: Problem? {
    let profiles = Set(project.services.flatMap(\.profiles)).sorted()
    guard plan.isWhole, plan.covered.isEmpty, !profiles.isEmpty else { return nil }
    return Problem(
      .host, "every service of \(target.name) has a profile, and none of them is asked for",
      nextStep: "choose with --profile: \(profiles.joined(separator: ", "))")
  }

  private var stayingImages: String? {
    let covered = plan.covered.compactMap { project.service($0) }
    guard plan.kind == .deploy, !covered.isEmpty, !covered.contains(where: \.takesTag) else { return nil }
    let images = covered.map { "\($0.name) runs \($0.image ?? "the image that was built there")" }
    return "\(target.tagVariable) chooses no image of what is deployed; by the compose file "
      + images.joined(separator: ", ")
  }

  private var orphans: String? {
    let gone = observed.services.filter { project.service($0) == nil && !plan.leftOver.contains($0) }
    guard !gone.isEmpty else { return nil }
    let names = gone.joined(separator: ", ")
    let what = "the compose file of \(target.name) no longer has \(names), whose containers are still there; "
    // After a renaming it may be the old one that serves once the new one is taken away.
    guard plan.kind == .deploy else { return what + "a rollback leaves them alone" }
    let containers = observed.only(gone).containers.map(\.name).sorted().map(Self.pasted).joined(separator: " ")
    return what + "if they are not needed: ssh \(target.host) docker rm -f \(containers)"
  }

  /// A name that Docker gives none came from somebody else, and has no place in a command that is pasted into a shell.
  private static func pasted(_ container: String) -> String {
    container.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_.-]*/) == nil ? "CONTAINER" : container
  }

  /// The names of new containers that others have: `up` would end half-way, also where services only exchange
  /// their names.
  private var takenNames: [Problem] {
    plan.covered.compactMap { service in
      guard let name = project.service(service)?.containerName, let holder = facts.holders[name] else { return nil }
      let isOwn = holder.project == project.name
      guard !isOwn || holder.service != service else { return nil }
      var whose = isOwn ? "the container of \(holder.service)" : "a container of the project \(holder.project)"
      if holder.project.isEmpty { whose = "a container outside any stack" }
      let isGone = isOwn && project.service(holder.service) == nil
      return Problem(
        .host,
        "\(service) is to have the container name \(name), which \(whose) has"
          + (isGone ? "; the compose file no longer has \(holder.service)" : ""),
        nextStep: "if that container is not needed: ssh \(target.host) docker rm -f \(Self.pasted(name))")
    }
  }

  /// Compose puts an empty string where a variable is not set, and goes on. A service that is not deployed may do so.
  private var unsetVariables: [Problem] {
    unset.filter(concerns).map { name in
      let place = facts.places.first { $0.variable == name }.map { " (\($0.file), line \($0.line))" } ?? ""
      return Problem(
        .host, "\(name) is not set\(place)",
        nextStep: "add it to 'environment' or 'secrets' for \(target.name), or write $$ for a literal dollar sign")
    }
  }

  /// A variable that no service mentions may stand anywhere, in the project's name for instance.
  private func concerns(_ variable: String) -> Bool {
    guard let written = facts.uninterpolated else { return true }
    let users = written.services.filter { $0.variables.contains(variable) }.map(\.name)
    return users.isEmpty || users.contains(where: plan.covered.contains)
  }

  private var missingImages: [Problem] {
    plan.localImages.filter { !facts.localImages.contains($0.image) }.map { service, image, isBuilt in
      Problem(
        .host, "\(target.host) has no image \(image), and that of \(service) is not pulled",
        nextStep: isBuilt ? "build it there: docker compose build \(service)" : "load it there: docker load")
    }
  }
}
