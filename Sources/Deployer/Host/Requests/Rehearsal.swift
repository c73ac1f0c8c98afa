extension RemoteScript {
  /// The same `up` as that of a deployment, without what the services depend on.
  func rehearse(_ scope: ComposeScope) -> [UInt8] {
    let up = ["--dry-run", "up", "-d", "--pull", "never", "--no-build", "--no-deps"]
    return call("ktrdr_rehearse", compose(scope, up + scope.services)) + done
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
