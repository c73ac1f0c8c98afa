extension Observation {
  /// The containers of the target. Where the project's name is not certain, those that were created from its directory.
  func of(_ project: ComposeProject?, in target: Target) -> Observation {
    guard let project else { return of(projects: projectNames(in: target.directory)) }
    return of(projects: project.isResolved ? [project.name] : projectNames(in: target.directory)).made(for: project)
  }

  private func projectNames(in directory: String) -> Set<String> {
    Set(containers.filter { $0.directory == directory }.map(\.project))
  }

  /// Without what only looks like a container of a service. An image brings labels of its own to whoever runs it, and anybody
  /// may write them. So a container counts if its image is of the repository that the compose files name; or if Compose has
  /// written that image's id on it, which no image can contain: then the files have changed since.
  private func made(for project: ComposeProject) -> Observation {
    filtered { container in
      if !container.imageLabel.isEmpty, container.imageLabel == container.imageID { return true }
      return ImageName(container.reference).familiarRepository == project.repository(of: container.service)
    }
  }

  /// The containers of a service that run, if they run different images though the files have only one container of it:
  /// which of them is the service's own cannot be told.
  func rivals(of service: String, in project: ComposeProject) -> [Container] {
    let up = containers.filter { $0.service == service && $0.state == "running" }
    guard project.service(service)?.replicas == 1, Set(up.map(\.imageID)).count > 1 else { return [] }
    return up
  }
}
