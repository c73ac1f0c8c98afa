extension RemoteScript {
  /// The very `up` of a deployment: what a service depends on is part of the hash by which Compose decides, as far as it is in the scope.
  func rehearse(_ scope: ComposeScope) -> [UInt8] {
    call("ktrdr_rehearse", compose(scope, ["--dry-run"] + Self.up(scope))) + done
  }
}

extension RemoteSession {
  /// What `up` would print with the values that were provided, as far as Compose says it.
  func rehearse(_ scope: ComposeScope) async throws(HostError) -> UpReport {
    var status = ""
    var lines: [String] = []
    for case .fact(let name, let fields) in try await ask(script.rehearse(scope)) {
      if name == "rehearsal" { status = fields.first ?? "" }
      if name == "rehearsed" { lines += fields.prefix(1) }
    }
    return UpReport(lines, isComplete: status == "0")
  }
}
