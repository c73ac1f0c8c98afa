import Synchronization

/// Opens connections to the hosts of targets. A seam: tests replace it with hosts that are values.
public struct HostConnector: Sendable {
  /// Connects to the target's host, lends it to `body`, and returns what `ssh` wrote in the end. Throws ``CommandError``
  /// if `ssh` does not start.
  var open:
    @Sendable (_ target: Target, _ body: @escaping @Sendable (RemoteHost) async -> Void) async throws ->
      SSHDiagnostics

  /// Real hosts over `ssh`, which gets its part of `environment`, this process's own. `says` is called with each line that
  /// a slow `ssh` says before the host answers: a link to open, a key to touch.
  public static func ssh(
    environment: [String: String], says: @escaping @Sendable (_ host: HostName, _ line: String) -> Void
  ) -> HostConnector {
    .ssh(environment: environment, limits: ConnectionLimits(), answers: AnswerLimits(), says: says)
  }

  static func ssh(
    environment: [String: String], limits: ConnectionLimits, answers: AnswerLimits = AnswerLimits(),
    says: @escaping @Sendable (_ host: HostName, _ line: String) -> Void
  ) -> HostConnector {
    HostConnector { target, body in
      let inherited = ChildEnvironment.forOthers(environment, withholding: target.secrets.map(\.name.value))
      let ssh = SSH.shell(on: target.host, environment: inherited)
      let script = RemoteScript(
        nonce: Nonce(), directory: target.directory, composeFiles: target.composeFiles, envFiles: target.envFiles)
      var diagnostics = try await ConnectionGate.shared.pass { leave in
        let watch = ConnectionWatch(limits) { says(target.host, $0) }
        let (seen, end) = try await Conversations.run(ssh, errorOutput: watch.heard) { conversation in
          let session = RemoteSession(conversation, script: script, limits: answers) {
            leave()
            watch.connected()
          }
          let watching = Task { [kill = conversation.kill] in await watch.run(abandon: kill) }
          defer { watching.cancel() }
          await session.open()
          await body(RemoteHost(session))
          return Seen(
            needles: session.needles, hasAnswered: session.hasAnswered, last: session.lastOutput,
            lateAfter: session.lateAfter, saidUnasked: session.saidUnasked)
        }
        // A login shell, or an ssh that is asked to debug, writes whatever it likes.
        var diagnostics = SSHDiagnostics(
          text: Redactor.redact(String(decoding: end.errorTail, as: UTF8.self), seen.needles))
        diagnostics.status = end.status
        diagnostics.wasConnected = seen.hasAnswered
        diagnostics.givenUp = watch.givenUp
        diagnostics.remoteText = seen.last
        diagnostics.lateAfter = seen.lateAfter
        diagnostics.saidUnasked = seen.saidUnasked
        return diagnostics
      }
      if diagnostics.needsRoute {
        diagnostics.route = await .asking(SSH.configuration(of: target.host, environment: inherited))
      }
      return diagnostics
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

/// What is left of a conversation when it is over.
private struct Seen: Sendable {
  var needles: NeedleSet
  var hasAnswered: Bool
  var last: String?
  var lateAfter: Duration?
  var saidUnasked: Bool
}

/// Carries a value out of a closure that returns none.
private final class OneValue<Value: Sendable>: Sendable {
  private let stored = Mutex<Value?>(nil)
  var value: Value? { stored.withLock { $0 } }
  func set(_ value: Value) { stored.withLock { $0 = value } }
}
