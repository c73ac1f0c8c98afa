// What a host said before the secrets were fetched, redacted once they are. From then on the connection itself redacts.

extension Observation {
  func redacted(_ needles: NeedleSet) -> Observation {
    func clean(_ text: String) -> String { Redactor.redact(text, needles) }
    var seen = self
    for index in seen.containers.indices { seen.containers[index].redact(clean) }
    seen.digests = Dictionary(digests.map { (clean($0), $1.map(clean)) }) { $0 + $1 }
    return seen
  }
}

extension Observation.Container {
  fileprivate mutating func redact(_ clean: (String) -> String) {
    for part in [
      \.service, \.id, \.reference, \.imageID, \.state, \.since, \.name, \.restartPolicy, \.project, \.directory,
      \.imageLabel,
    ]
      as [WritableKeyPath<Self, String>]
    { self[keyPath: part] = clean(self[keyPath: part]) }
    health = health.map(clean)
    files = files.map(clean)
  }
}

extension HostCheck {
  /// What is still used after the secrets have been fetched.
  func redacted(_ needles: NeedleSet) -> HostCheck {
    func clean(_ text: String) -> String { Redactor.redact(text, needles) }
    var check = self
    check.composeDigest = composeDigest.map(clean)
    check.lastAnchor = lastAnchor.map(clean)
    check.foreignAnchor = foreignAnchor.map(clean)
    check.dockerVersion = dockerVersion.map(clean)
    check.composeVersion = composeVersion.map(clean)
    return check
  }
}
