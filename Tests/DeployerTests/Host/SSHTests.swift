import Testing

@testable import Deployer

struct SSHTests {
  @Test func `the command is the system's ssh with everything that could surprise switched off`() throws {
    let command = SSH.shell(on: try HostName("ops@backend.example.org"), environment: ["PATH": "/bin"])
    var expected = Command(
      "ssh",
      [
        "-T", "-o", "BatchMode=yes", "-o", "LogLevel=VERBOSE", "-o", "ConnectTimeout=10", "-o",
        "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4", "-o", "ClearAllForwardings=yes", "-o",
        "ForwardAgent=no", "-o", "RemoteCommand=none", "-o", "SendEnv=-*", "--", "ops@backend.example.org",
        "exec /bin/sh -s",
      ], environment: ["PATH": "/bin", "SSH_ASKPASS_REQUIRE": "never"])
    expected.endsWithParent = true
    #expect(command == expected)
  }

  @Test func `an operator's own wish for a window to ask in is not followed`() throws {
    let wish = ["SSH_ASKPASS_REQUIRE": "force", "SSH_ASKPASS": "/usr/bin/askpass", "DISPLAY": ":0"]
    let kept = ["SSH_ASKPASS_REQUIRE": "never", "SSH_ASKPASS": "/usr/bin/askpass", "DISPLAY": ":0"]
    #expect(SSH.shell(on: try HostName("h"), environment: wish).environment == kept)
    #expect(SSH.configuration(of: try HostName("h"), environment: wish).environment == kept)
  }

  @Test func `the way to a host is read from ssh's configuration, and a socket counts if it is there`() {
    let text = "user ops\nproxyjump ops@bastion:2222\ncontrolpath /run/a socket\ncontrolmaster auto\n"
    #expect(
      SSHRoute(configuration: text) { $0 == "/run/a socket" }
        == SSHRoute(jump: "ops@bastion:2222", sharedSocket: "/run/a socket"))
    #expect(SSHRoute(configuration: text) { _ in false } == SSHRoute(jump: "ops@bastion:2222"))
    #expect(SSHRoute(configuration: "proxyjump none\nproxyjump\n") { _ in true } == SSHRoute())
  }

  @Test func `an ssh that cannot tell the way leaves it unknown`() async throws {
    let command = SSH.configuration(of: try HostName("h"), environment: [:])
    let failing = CommandRunner { _, _ in CommandResult(status: 255, standardOutput: Array("proxyjump x\n".utf8)) }
    #expect(await SSHRoute.asking(command, runner: failing) == SSHRoute())
    let missing = CommandRunner { _, _ in throw CommandError.notFound(executable: "ssh") }
    #expect(await SSHRoute.asking(command, runner: missing) == SSHRoute())
  }

  @Test func `host key checking is never touched`() {
    #expect(!SSH.options.contains { $0.contains("HostKey") || $0.contains("KnownHosts") })
  }
}
