import Synchronization

/// Opens connections to the hosts of targets. A seam: tests replace it with hosts that are values.
public struct HostConnector: Sendable {
  /// Connects to the target's host, lends it to `body`, and returns what `ssh` wrote in the end. Throws ``CommandError``
  /// if `ssh` does not start.
  var open:
    @Sendable (_ target: Target, _ body: @escaping @Sendable (RemoteHost) async -> Void) async throws ->
      SSHDiagnostics

  /// Real hosts over `ssh`, which gets its part of `environment`, this process's own.
  public static func ssh(environment: [String: String]) -> HostConnector {
    HostConnector { target, body in
      let withheld = target.secrets.map(\.name.value)
      let ssh = SSH.shell(
        on: target.host, environment: ChildEnvironment.forOthers(environment, withholding: withheld))
      let script = RemoteScript(
        nonce: Nonce(), directory: target.directory, composeFiles: target.composeFiles, envFiles: target.envFiles)
      let (needles, end) = try await ConnectionGate.shared.pass { connected in
        try await Conversations.run(ssh) { conversation in
          let session = RemoteSession(conversation, script: script, connected: connected)
          await session.open()
          await body(RemoteHost(session))
          return session.needles
        }
      }
      // A shell that complains about the script, or traces it, writes to the same stream as ssh.
      return SSHDiagnostics(text: Redactor.redact(String(decoding: end.errorTail, as: UTF8.self), needles))
    }
  }

  /// Connects, lets `body` talk to the host, and returns its value with what `ssh` wrote: why the connection failed, if
  /// it did. Throws ``CommandError`` if `ssh` does not start.
  func withHost<Value: Sendable>(
    of target: Target, _ body: @escaping @Sendable (RemoteHost) async -> Value
  ) async throws -> (value: Value, diagnostics: SSHDiagnostics) {
    let result = OneValue<Value>()
    let diagnostics = try await open(target) { host in result.set(await body(host)) }
    guard let value = result.value else { throw CommandError.notStarted(executable: "ssh", reason: "no connection") }
    return (value, diagnostics)
  }
}

/// Carries a value out of a closure that returns none.
private final class OneValue<Value: Sendable>: Sendable {
  private let stored = Mutex<Value?>(nil)
  var value: Value? { stored.withLock { $0 } }
  func set(_ value: Value) { stored.withLock { $0 = value } }
}
