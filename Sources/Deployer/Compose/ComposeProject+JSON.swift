import Platform

extension ComposeProject {
  /// Decodes what `docker compose config --format json` printed; `nil` for anything else.
  ///
  /// - Parameters:
  ///   - json: the output.
  ///   - isResolved: false for the output of `--no-interpolate`.
  ///   - secretMark: what Compose got instead of each secret.
  ///   - tagMark: the tag that Compose got instead of the real one. No other image has it, so an image that contains it
  ///     takes the deployment's tag.
  init?(json: [UInt8], isResolved: Bool, secretMark: String, tagMark: String) {
    guard let file = try? JSONDecoder().decode(File.self, from: Data(json)) else { return nil }
    name = file.name ?? ""
    self.isResolved = isResolved
    services = (file.services ?? [:]).sorted { $0.key < $1.key }.map { name, fields in
      ComposeService(name, fields, secretMark: secretMark, tagMark: tagMark)
    }
  }

  /// The same with the deployment's own tag in place of the mark.
  func tagged(_ tag: ImageTag, mark: String) -> ComposeProject {
    var project = self
    for index in services.indices where services[index].takesTag {
      project.services[index].image = services[index].image?.replacing(mark, with: tag.value)
    }
    return project
  }

  private struct File: Decodable {
    var name: String?
    var services: [String: JSONValue]?
  }
}

extension ComposeService {
  fileprivate init(_ name: String, _ fields: JSONValue, secretMark: String, tagMark: String) {
    self.init(name: name)
    containerName = fields["container_name"]?.text
    image = fields["image"]?.text
    isBuilt = fields["build"] != nil
    pullPolicy = fields["pull_policy"]?.text
    profiles = fields["profiles"]?.texts ?? []
    dependencies = (fields["depends_on"]?.members ?? [:]).sorted { $0.key < $1.key }.map { service, condition in
      Dependency(
        service: service, needsCompletion: condition["condition"]?.text == "service_completed_successfully")
    }
    if let check = fields["healthcheck"] {
      // Without a test of its own the image's counts, which only a container shows.
      hasHealthCheck = check["disable"]?.text != "true" && check["test"].map { $0.texts.first != "NONE" } ?? false
    }
    publishesPorts = !(fields["ports"]?.elements ?? []).isEmpty
    replicas = (fields["scale"] ?? fields["deploy"]?["replicas"])?.text.flatMap { Int($0) } ?? 1
    sharesWith = Set(
      ["network_mode", "pid", "ipc"].compactMap { key in
        fields[key]?.text.flatMap { $0.hasPrefix("service:") ? String($0.dropFirst("service:".count)) : nil }
      })
    let values = (fields["environment"]?.members ?? [:]).compactMapValues(\.text)
    let secrets = values.filter { $0.value.contains(secretMark) }
    secretVariables = Set(secrets.keys)
    ownVariables = values.filter { name, value in
      !value.isEmpty && !value.contains(secretMark) && !value.contains(tagMark)
    }
    // Compose doubles a dollar sign that stands for itself.
    withoutSecrets = secrets.mapValues { $0.replacing(secretMark, with: "").replacing("$$", with: "$") }
      .filter { !$0.value.isEmpty }
    aroundSecrets = secrets.filter { !$0.value.contains(tagMark) }.compactMapValues { value in
      let parts = value.replacing("$$", with: "$").split(separator: secretMark, omittingEmptySubsequences: false)
      return parts.count == 2 ? AroundSecret(before: String(parts[0]), after: String(parts[1])) : nil
    }
    takesTag = image?.contains(tagMark) ?? false
    hasTagBesides = fields.members.contains { key, value in
      !["image", "build"].contains(key) && value.everyText.contains { $0.contains(tagMark) }
    }
    variables = fields.everyText.reduce(into: []) { $0.formUnion(VariableNames.mentioned(in: $1)) }
  }
}
