import Platform
import TestSupport
import Testing

@testable import Deployer

/// The only directory in `PATH`, with an `ssh` of the test's own.
private struct Commands {
  private let directory: TestDirectory

  init(ssh script: String?) throws {
    // As the program does: an ssh that is gone must not end it.
    ProcessHardening.ignoreBrokenPipes()
    directory = try TestDirectory()
    if let script { try directory.writeScript(script, to: "ssh") }
  }

  func look(timeout: Duration = .seconds(30)) async throws -> Problem? {
    let target = Target(name: try TargetName("core"), host: try HostName("h"), directory: "/opt/ktrdr-core")
    let hosts = HostConnector.ssh(environment: ["PATH": directory.path]) { _, _ in }
    switch await TargetObserver(hosts: hosts, timeout: timeout).observe(target) {
    case .success: return nil
    case .failure(let failure): return failure.problem
    }
  }
}

@Suite struct TargetObserverTests {
  @Test func `a host that never answers is given up, and ssh with it`() async throws {
    let commands = try Commands(ssh: "exec /bin/sleep 600")
    let clock = ContinuousClock()
    let begun = clock.now
    let problem = try await commands.look(timeout: .seconds(1))
    #expect(clock.now - begun < .seconds(60))
    #expect(problem?.what == "h did not report what runs within 1s: Docker may be hanging there")
    #expect(problem?.nextStep == "ktrdr doctor core")
  }

  @Test func `a connection that ends is told in ssh's own terms`() async throws {
    let commands = try Commands(ssh: "echo 'ssh: connect to host h port 22: Connection refused' >&2; exit 255")
    #expect(try await commands.look()?.what == "h refuses ssh connections")
  }

  @Test func `a missing ssh is reported`() async throws {
    let problem = try await Commands(ssh: nil).look()
    #expect(problem?.what.hasPrefix("could not start ssh") == true)
    #expect(problem?.nextStep == "install openssh-client")
  }
}
