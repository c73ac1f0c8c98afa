/// What services of a deployment that succeeded got in the tag's variable where that is not the tag on its record: `IMAGE_TAG=v1 for api, db`.
///
/// The record says so as its reason. Who reads it knows what each service had.
struct ServiceTags: Sendable, Equatable {
  /// By service.
  var tags: [String: String] = [:]

  /// What the text says of services; nothing where it says something else.
  init(_ text: String) {
    for part in text.split(separator: "; ") {
      guard let match = part.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*=(\S+) for (.+)/) else { continue }
      for name in match.2.split(separator: ", ") { tags[String(name)] = String(match.1) }
    }
  }

  /// The services that have another tag than the plan, and those of which nobody could tell, since their image has that tag by itself.
  init(_ plan: Plan) {
    for service in plan.affected {
      guard let own = plan.fileTags[service] else { continue }
      let image = plan.images.first { $0.service == service }.flatMap { ImageName($0.reference).tag }
      let isClear = plan.project?.service(service)?.takesTag == true || image != plan.tag.value
      if own != plan.tag || !isClear { tags[service] = own.value }
    }
  }

  /// `nil` if no service has a tag of its own.
  func text(_ variable: EnvironmentName) -> String? {
    guard !tags.isEmpty else { return nil }
    return Dictionary(grouping: tags.keys) { tags[$0] ?? "" }.sorted { $0.key < $1.key }
      .map { "\(variable)=\($0.key) for \($0.value.sorted().joined(separator: ", "))" }.joined(separator: "; ")
  }
}
