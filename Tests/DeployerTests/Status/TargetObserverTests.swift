import Platform
import TestSupport
import Testing

@testable import Deployer

/// The only directory in `PATH`, with an `ssh` of the test's own.
private struct Commands {
  private let directory: TestDirectory

  /// `docker` is what the shell finds that an ssh runs here.
  init(ssh script: String?, docker: String? = nil) throws {
    // As the program does: an ssh that is gone must not end it.
    ProcessHardening.ignoreBrokenPipes()
    directory = try TestDirectory()
    if let script { try directory.writeScript(script, to: "ssh") }
    if let docker { try directory.writeScript(docker, to: "docker") }
  }

  func look(limits: ConnectionLimits = ConnectionLimits(), answers: AnswerLimits = AnswerLimits()) async throws
    -> Problem?
  {
    let target = Target(name: try TargetName("core"), host: try HostName("h"), directory: directory.path)
    let hosts = HostConnector.ssh(environment: ["PATH": directory.path], limits: limits, answers: answers) { _, _ in }
    switch await TargetObserver(hosts: hosts).observe(target) {
    case .success: return nil
    case .failure(let failure): return failure.problem
    }
  }
}

@Suite struct TargetObserverTests {
  @Test func `an ssh that waits for a person is given its own time, and then told so`() async throws {
    let commands = try Commands(ssh: "echo 'open https://login.example.org' >&2; exec /bin/sleep 600")
    var limits = ConnectionLimits()
    (limits.silence, limits.afterWords) = (.milliseconds(300), .seconds(2))
    let problem = try await commands.look(limits: limits, answers: AnswerLimits(whole: .milliseconds(500)))
    #expect(problem?.what == "ssh to h was still waiting after 2s: open https://login.example.org")
  }

  @Test func `a host whose Docker never answers is given up, and ssh with it`() async throws {
    let commands = try Commands(ssh: "exec /bin/sh -s", docker: "exec /bin/sleep 600")
    let clock = ContinuousClock()
    let begun = clock.now
    let problem = try await commands.look(answers: AnswerLimits(whole: .seconds(1)))
    #expect(clock.now - begun < .seconds(60))
    #expect(problem?.what == "h did not answer within 1s")
    #expect(problem?.nextStep == "see what hangs there, for instance Docker: ssh h docker ps")
  }

  @Test func `Docker that does not respond is told in its own words`() async throws {
    let commands = try Commands(ssh: "exec /bin/sh -s", docker: "echo 'Cannot connect to the Docker daemon'; exit 1")
    // Its words are cut with a program that this host does not have.
    #expect(try await commands.look()?.what.hasPrefix("Docker on h does not respond: ") == true)
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
