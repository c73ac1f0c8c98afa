/// The way to one target's host: one `ssh`, one remote shell, its session.
struct TargetConnection: Sendable {
  let target: Target
  /// This process's own environment; `ssh` gets its part of it.
  let environment: [String: String]

  /// What `ssh` is run with: nothing of 1Password, nothing named like a secret.
  private var ssh: Command {
    let withheld = target.secrets.map(\.name.value)
    return SSH.shell(
      on: target.host, environment: ChildEnvironment.forOthers(environment, withholding: withheld))
  }

  /// Connects when it is its turn, lets `body` talk to the remote shell, and returns its value with what `ssh` said in the
  /// end: why the connection failed, if it did. Throws ``CommandError`` where `ssh` does not start.
  func hold<Value: Sendable>(
    _ body: @escaping @Sendable (RemoteSession, RemoteScript) async -> Value
  ) async throws -> (value: Value, words: SSHDiagnostics) {
    let nonce = Nonce()
    let script = RemoteScript(nonce: nonce, directory: target.directory, composeFiles: target.composeFiles)
    let (held, end) = try await ConnectionGate.shared.pass { connected in
      try await Conversations.hold(ssh) { conversation in
        let session = RemoteSession(conversation, nonce: nonce, connected: connected)
        return (value: await body(session, script), needles: session.needles)
      }
    }
    // A shell that complains about the script, or traces it, does so on the way of ssh's own words.
    let words = Redactor.redact(String(decoding: end.errorTail, as: UTF8.self), held.needles)
    return (held.value, SSHDiagnostics(text: words))
  }
}
