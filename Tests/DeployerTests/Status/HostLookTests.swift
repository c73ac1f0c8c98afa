import Platform
import Testing

@testable import Deployer

/// A directory that stands first in `PATH`, with an `ssh` of the test's own. Removed when the test ends.
private final class Commands: Sendable {
  let directory = FileManager.default.temporaryDirectory.path + "/ktrdr-ssh-\(UUID().uuidString)"

  init(ssh script: String?) throws {
    // As the program does: an ssh that is gone must not end it.
    ProcessHardening.ignoreBrokenPipes()
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    guard let script else { return }
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: "\(directory)/ssh"))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(directory)/ssh")
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func look(patience: Duration = .seconds(30)) async throws -> Problem? {
    let target = Target(name: try TargetName("core"), host: try HostName("h"), directory: "/opt/ktrdr-core")
    switch await HostLook(environment: ["PATH": directory], patience: patience).look(at: target) {
    case .success: return nil
    case .failure(let failure): return failure.problem
    }
  }
}

@Suite struct HostLookTests {
  @Test func `a host that never answers is given up, and ssh with it`() async throws {
    let commands = try Commands(ssh: "exec /bin/sleep 600")
    let clock = ContinuousClock()
    let begun = clock.now
    let problem = try await commands.look(patience: .seconds(1))
    #expect(clock.now - begun < .seconds(60))
    #expect(problem?.what == "h did not say what runs within 1s: does Docker hang there?")
    #expect(problem?.nextStep == "ktrdr doctor core")
  }

  @Test func `a connection that ends is told in ssh's own terms`() async throws {
    let commands = try Commands(ssh: "echo 'kex_exchange: Connection refused' >&2; exit 255")
    #expect(try await commands.look()?.what == "h refuses ssh connections")
  }

  @Test func `without ssh that is said`() async throws {
    let problem = try await Commands(ssh: nil).look()
    #expect(problem?.what.hasPrefix("ssh could not be started") == true)
    #expect(problem?.nextStep == "install openssh-client")
  }
}
