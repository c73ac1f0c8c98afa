import Ledger

/// Has Compose read the files of one target before any secret is there: plain variables have their values, secret ones a
/// placeholder, and the tag is one that no other image has, so it shows which images take it.
struct StackReader: Sendable {
  let target: Target
  /// Stands where the deployment's tag will stand.
  let tagMark = "ktrdr-\(Nonce())"

  /// Stands for each secret.
  private static let placeholder = "ktrdr-placeholder"

  /// What came of it.
  enum Reading: Sendable, Equatable {
    /// With the variables that were not set.
    case read(ComposeProject, unset: [String])
    /// The files can be read, but not before the secrets are there, as it seems from what Compose said: the reason. The project
    /// is the one without any value.
    case needsSecrets(ComposeProject, reason: String)
    case failed(reason: String)
    /// The tag decides what has to be the same for every version.
    case unfit(Problem)
    /// The host was not asked, or did not answer.
    case notRead
  }

  /// What Compose gets.
  var variables: [(name: String, value: String)] {
    [(target.tagVariable.value, tagMark)] + target.environment.map { ($0.name.value, $0.value) }
      + target.secrets.map { ($0.name.value, Self.placeholder) }
  }

  /// What Compose gets once the secrets are there.
  var withSecrets: ModelValues { .provided(tagVariable: target.tagVariable.value, tagMark: tagMark) }

  /// Judges what a check found; asks the host once more, without any value, if Compose could not read the files.
  func reading(of check: HostCheck, on host: RemoteHost) async -> Reading {
    guard let model = check.model else { return .notRead }
    if let problem = unfitness(of: model) { return .unfit(problem) }
    if let project = project(of: model), !project.depends(on: Self.placeholder) {
      return .read(project, unset: Self.unset(in: model))
    }
    guard !target.secrets.isEmpty, let plain = await uninterpolated(on: host) else {
      return .failed(reason: model.failure)
    }
    let isOfSecret = model.status == 0 || model.failure.contains(Self.placeholder)
    let reason = isOfSecret ? "what they say depends on a secret" : model.failure
    return .needsSecrets(plain, reason: reason)
  }

  /// What Compose made of the files with every secret in place.
  func reading(of model: ComposeModel) -> Reading {
    unfitness(of: model).map { .unfit($0) } ?? project(of: model).map { .read($0, unset: Self.unset(in: model)) }
      ?? .failed(reason: model.failure)
  }

  /// With the tag in the project's name each version would be a stack of its own; and the files are read before it is known which images
  /// follow the tag.
  private func unfitness(of model: ComposeModel) -> Problem? {
    let files = "the compose files of \(target.name) have \(target.tagVariable)"
    if project(of: model)?.name.contains(tagMark) == true {
      return Problem(
        .host, "\(files) in 'name:': every version would be a stack of its own, beside the one before",
        nextStep: "give the stack one name for all versions")
    }
    guard model.status != 0, model.failure.contains(tagMark) else { return nil }
    return Problem(
      .host, "\(files) in the name of a file that Compose reads with them, as in 'env_file:' or 'include:'",
      nextStep: "give that file one name for all versions")
  }

  /// The files as they are written; `nil` if Compose cannot read them without values.
  func uninterpolated(on host: RemoteHost) async -> ComposeProject? {
    guard let model = try? await host.model(.none), model.status == 0 else { return nil }
    return ComposeProject(json: model.json, isResolved: false, secretMark: Self.placeholder, tagMark: tagMark)
  }

  private func project(of model: ComposeModel) -> ComposeProject? {
    model.status == 0
      ? ComposeProject(json: model.json, isResolved: true, secretMark: Self.placeholder, tagMark: tagMark) : nil
  }

  private static func unset(in model: ComposeModel) -> [String] {
    UnsetVariables.named(in: model.messages.joined(separator: "\n"))
  }
}

extension StackReader.Reading {
  var project: ComposeProject? {
    switch self {
    case .read(let project, _), .needsSecrets(let project, _): project
    case .failed, .unfit, .notRead: nil
    }
  }
}

extension ComposeProject {
  /// Whether anything that is decided from it contains `text`.
  fileprivate func depends(on text: String) -> Bool {
    name.contains(text)
      || services.contains { service in
        ([service.name, service.image ?? ""] + service.profiles).contains { $0.contains(text) }
      }
  }
}
