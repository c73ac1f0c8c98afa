import Synchronization
import TestSupport
import Testing

@testable import Deployer

/// The connector with an `ssh` of the test's own, which is a real program.
struct HostConnectorTests {
  private let directory: TestDirectory

  init() throws {
    ProcessHardening.ignoreBrokenPipes()
    directory = try TestDirectory()
  }

  private func connect(_ ssh: String, _ limits: ConnectionLimits = ConnectionLimits()) async throws -> SSHDiagnostics {
    try directory.writeScript(ssh, to: "ssh")
    let environment = [
      "PATH": "\(directory.path):/usr/bin:/bin", "OP_SESSION_my": "s", "SSH_ASKPASS_REQUIRE": "force",
    ]
    let hosts = HostConnector.ssh(environment: environment, limits: limits) { _, _ in }
    let target = Target(name: try TargetName("core"), host: try HostName("h"), directory: directory.path)
    return try await hosts.withHost(of: target) { host in _ = try? await host.anchors("one") }.diagnostics
  }

  @Test func `a jump host that fails is named as ssh's configuration has it`() async throws {
    let diagnostics = try await connect(
      """
      [ "$1" != -G ] || { echo 'proxyjump ops@bastion'; exit; }
      printf 'Host key verification failed.\\r\\nConnection closed by UNKNOWN port 65535\\r\\n' >&2
      exit 255
      """)
    #expect(diagnostics.failure == .jump(name: "ops@bastion", cause: .hostKeyUnknown))
  }

  @Test func `an ssh that says nothing is given up`() async throws {
    let limits = ConnectionLimits(silence: .milliseconds(300))
    let diagnostics = try await connect("[ \"$1\" = -G ] || exec sleep 600", limits)
    #expect(diagnostics.failure == .silent(after: .milliseconds(300)))
  }

  @Test func `what a login shell writes before the remote shell speaks is no answer`() async throws {
    let limits = ConnectionLimits(silence: .milliseconds(300))
    let diagnostics = try await connect("[ \"$1\" = -G ] || { echo Welcome; exec sleep 600; }", limits)
    #expect(!diagnostics.wasConnected)
    #expect(diagnostics.remoteText == "Welcome")
  }

  @Test func `a shell that answers has as long as it needs, and asks nothing`() async throws {
    let limits = ConnectionLimits(silence: .milliseconds(300))
    let slow = "env >'\(directory.path)/env'; echo 'a banner' >&2; /bin/sh -s; sleep 1"
    let diagnostics = try await connect(slow, limits)
    #expect(diagnostics.wasConnected)
    #expect(diagnostics.givenUp == nil)
    let seen = try directory.read("env").split(separator: "\n")
    #expect(seen.contains("SSH_ASKPASS_REQUIRE=never"))
    #expect(!seen.contains { $0.hasPrefix("OP_") })
  }
}
