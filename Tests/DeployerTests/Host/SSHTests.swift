import Testing

@testable import Deployer

struct SSHTests {
  @Test func `the command is the system's ssh with everything that could surprise switched off`() throws {
    let command = SSH.shell(on: try HostName("ops@backend.example.org"), environment: ["PATH": "/bin"])
    #expect(
      command
        == Command(
          "ssh",
          [
            "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=15", "-o",
            "ServerAliveCountMax=4", "-o", "ClearAllForwardings=yes", "-o", "ForwardAgent=no", "-o",
            "RemoteCommand=none", "-o", "SendEnv=-*", "--", "ops@backend.example.org", "exec /bin/sh -s",
          ], environment: ["PATH": "/bin"]))
  }

  @Test func `host key checking is never touched`() {
    #expect(!SSH.options.contains { $0.contains("HostKey") || $0.contains("KnownHosts") })
  }

  @Test(arguments: [
    ("ssh: Could not resolve hostname backend: Name or service not known\r\n", SSHFailure.unresolved),
    ("ssh: connect to host backend port 22: Connection refused\r\n", .refused),
    ("ssh: connect to host backend port 22: Connection timed out\r\n", .timedOut),
    ("ssh: connect to host 10.0.0.9 port 22: Operation timed out\n", .timedOut),
    ("Connection timed out during banner exchange\n", .timedOut),
    ("ops@backend: Permission denied (publickey,keyboard-interactive).\n", .keyRefused),
    (
      "No ED25519 host key is known for backend and you have requested strict checking.\nHost key verification failed.\n",
      .hostKeyUnknown
    ),
    ("@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.\n", .hostKeyChanged),
    ("Timeout, server backend not responding.\r\n", .lost), ("Connection reset by 10.0.0.9 port 22\n", .lost),
    ("client_loop: send disconnect: Broken pipe\n", .lost), ("Connection to backend closed by remote host.\n", .lost),
    ("", .lost), ("debug1: Reading configuration data\n", .lost),
    ("debug1: x\nkex_exchange_identification: read: no\n", .other(line: "kex_exchange_identification: read: no")),
  ])
  func `why ssh failed is read from its words`(said: String, failure: SSHFailure) {
    #expect(SSHFailure.classify(said) == failure)
  }

  @Test func `an endless line of ssh is cut`() {
    #expect(
      SSHFailure.classify(String(repeating: "x", count: 9000)) == .other(line: String(repeating: "x", count: 200)))
  }

  @Test(arguments: [
    (SSHFailure.unresolved, "could not resolve", "ssh -G ops@backend"),
    (.refused, "refuses ssh", "check that sshd is running"),
    (.timedOut, "does not respond", "ping backend"), (.keyRefused, "none of your ssh keys", "ssh-add -l"),
    (.hostKeyUnknown, "unknown host key", "compare the fingerprint"),
    (.hostKeyChanged, "has CHANGED", "if the host was not reinstalled"), (.lost, "was lost", "ktrdr status"),
    (.other(line: "no"), "failed: no", "BatchMode=yes ops@backend"),
  ])
  func `each failure has a message and a next step of its own`(failure: SSHFailure, what: String, next: String) throws {
    let host = try HostName("ops@backend")
    #expect(failure.what(host: host).contains(what))
    #expect(failure.nextStep(host: host).contains(next))
  }
}
