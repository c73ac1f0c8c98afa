/// How a connection ended, and what was said until then. It is of interest where the connection failed.
struct SSHDiagnostics: Sendable {
  /// What `ssh` wrote to standard error; until the remote shell has spoken, also what a server's banner and the login shell
  /// say.
  var text: String
  /// The exit status of `ssh`; 255 for every failure of its own.
  var status: Int32 = 255
  /// Whether the remote shell had spoken before. From then on nothing but `ssh` writes to its standard error.
  var wasConnected = false
  /// Why ktrdr itself ended the connection.
  var givenUp: ConnectionGivenUp?
  /// The limit that an answer of the host exceeded, so that ktrdr ended the connection.
  var lateAfter: Duration?
  /// Whether ktrdr ended the connection because the host reported a step that nobody had asked for.
  var saidUnasked = false
  /// The last line that came over the connection and is no answer: a complaint of the remote shell or of what it runs.
  /// Before it has spoken: of the login shell.
  var remoteText: String?
  /// Asked for only where it explains something.
  var route = SSHRoute()

  init(text: String) { self.text = text }

  /// Why the connection failed.
  var failure: SSHFailure {
    // Whatever is said once the remote shell is there, no login, key or name is the cause.
    guard !wasConnected else {
      return saidUnasked ? .unaskedStep : lateAfter.map { .noAnswer(after: $0) } ?? .lost
    }
    switch givenUp {
    case .silent(let limit):
      return route.sharedSocket.map { .sharedConnectionSilent(socket: $0) } ?? .silent(after: limit)
    case .loginShellSilent(let limit): return .loginShellSilent(after: limit)
    case .waiting(let limit, let line): return .waiting(after: limit, line: line)
    case nil: break
    }
    let lines = SSHLine.all(of: text)
    guard let login = lines.firstIndex(where: { $0.kind == .authenticated }) else { return failedLogin(lines) }
    return endOfLoginShell(Array(lines[(login + 1)...]))
  }

  /// Whether the operator's ssh configuration is needed for ``failure``.
  var needsRoute: Bool {
    guard !wasConnected else { return false }
    if case .silent = givenUp { return true }
    return SSHLine.all(of: text).contains(where: \.isOfProxy)
  }

  private func failedLogin(_ lines: [SSHLine]) -> SSHFailure {
    if lines.contains(where: \.isOfProxy) {
      return SSHCause.ofProxy(lines, jump: route.jump)
    }
    if let cause = SSHCause.of(lines) { return cause }
    // The status of ssh's own failures: then its last line is the cause, whatever it says.
    if status == 255 {
      return lines.last { $0.kind == .words }.map { .other(line: $0.text) } ?? .lost
    }
    // Over a connection that is shared, nothing tells of the login. A signal ended ssh itself.
    return status > 128 ? .lost : endOfLoginShell(lines)
  }

  /// The login succeeded, but what it starts has ended instead of running a shell.
  private func endOfLoginShell(_ lines: [SSHLine]) -> SSHFailure {
    if lines.contains(where: \.isLoss) || status > 128 && status != 255 { return .lost }
    let line = remoteText.map { SSHLine($0) } ?? lines.last { $0.kind == .words }
    guard let line else { return .loginShellEnded(said: "exit status \(status)") }
    guard line.text != RemoteScript.unfitShell else { return .unfitShell }
    return line.text.contains("account is currently not available")
      ? .noLogin(said: line.text) : .loginShellEnded(said: line.text)
  }
}
