import Testing

@testable import Deployer

struct SSHFailureTests {
  private static let banner = "Authorized use only.\r\nPermission denied to strangers. Connection refused at night.\r\n"
  private static let postQuantum = """
    ** WARNING: connection is not using a post-quantum key exchange algorithm.\r
    ** This session may be vulnerable to "store now, decrypt later" attacks.\r
    ** The server may need to be upgraded. See https://openssh.com/pq.html\r

    """
  private static let refusal = "ops@backend: Permission denied (publickey).\r\n"

  private static let ownFailures: [(String, SSHFailure)] = [
    ("ssh: Could not resolve hostname backend: Name or service not known\r\n", .unresolved),
    ("ssh: connect to host backend port 22: Connection refused\r\n", .refused),
    ("ssh: connect to host backend port 22: Connection timed out\r\n", .timedOut),
    ("ssh: connect to host 10.0.0.9 port 22: Operation timed out\n", .timedOut),
    (
      "ssh: connect to host h port 22: No route to host\r\n",
      .other(line: "ssh: connect to host h port 22: No route to host")
    ), ("Connection timed out during banner exchange\nConnection to 10.0.0.9 port 22 timed out\n", .timedOut),
    ("ops@backend: Permission denied (publickey,keyboard-interactive).\n", .keyRefused),
    ("Permission denied (publickey).\n", .keyRefused),
    (
      "No ED25519 host key is known for backend and you have requested strict checking.\nHost key verification failed.\n",
      .hostKeyUnknown
    ),
    ("@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.\n", .hostKeyChanged),
    ("Timeout, server backend not responding.\r\n", .lost), ("Connection reset by 10.0.0.9 port 22\n", .lost),
    ("client_loop: send disconnect: Broken pipe\n", .lost), ("Connection to backend closed by remote host.\n", .lost),
    (
      "kex_exchange_identification: Connection closed by remote host\r\nConnection closed by 10.0.0.9 port 22\r\n",
      .lost
    ),
    ("", .lost), ("debug1: Reading configuration data\n", .lost),
    ("debug1: x\nkex_exchange_identification: read: no\n", .other(line: "kex_exchange_identification: read: no")),
    (
      "Received disconnect from 10.0.0.9 port 22:2: Too many authentication failures\r\nDisconnected from 10.0.0.9 port 22\r\n",
      .tooManyKeys
    ),
    (
      "Load key \"/home/ada/.ssh/my key\": error in libcrypto\r\n" + refusal,
      .keyUnreadable(file: "/home/ada/.ssh/my key", reason: "error in libcrypto")
    ),
    ("Load key \"id\": Permission denied\n" + refusal, .keyUnreadable(file: "id", reason: "Permission denied")),
    (
      "no such identity: /a/b: No such file or directory\n" + refusal,
      .keyUnreadable(file: "/a/b", reason: "No such file or directory")
    ),
    (
      "sign_and_send_pubkey: signing failed for ED25519 \"/a/id\" from agent: agent refused operation\n" + refusal,
      .keyDidNotSign(key: "/a/id", reason: "agent refused operation")
    ),
    (
      "sign_and_send_pubkey: signing failed: agent refused operation\n" + refusal,
      .keyDidNotSign(key: nil, reason: "agent refused operation")
    ),
    (
      "Your account has expired; please contact your system administrator.\nConnection closed by 10.0.0.9 port 22\n",
      .noLogin(said: "Your account has expired; please contact your system administrator.")
    ),
  ]

  @Test(arguments: ownFailures)
  func `why ssh failed is read from its words`(said: String, failure: SSHFailure) {
    #expect(SSHDiagnostics(text: said).failure == failure)
  }

  @Test(arguments: ownFailures)
  func `a banner and a warning before them change nothing`(said: String, failure: SSHFailure) {
    let known = "Warning: Permanently added 'backend' (ED25519) to the list of known hosts.\r\n"
    // Without a word of its own, ssh was killed.
    var diagnostics = SSHDiagnostics(text: Self.postQuantum + known + Self.banner + said)
    if SSHLine.all(of: said).isEmpty { diagnostics.status = 137 }
    #expect(diagnostics.failure == failure)
  }

  @Test func `a key that did not sign comes before one that is not there`() {
    let text =
      "sign_and_send_pubkey: signing failed: agent refused operation\nno such identity: /a: No such file or directory\n"
    #expect(
      SSHDiagnostics(text: text + Self.refusal).failure == .keyDidNotSign(key: nil, reason: "agent refused operation"))
  }

  @Test func `a key that cannot be read matters only where the host then accepts none`() {
    let text = "Load key \"id\": error in libcrypto\nConnection reset by 10.0.0.9 port 22\n"
    #expect(SSHDiagnostics(text: text).failure == .lost)
  }

  @Test(arguments: [
    "sh: 1: cannot create .ktrdr-lock: Permission denied (publickey).", "Host key verification failed.",
    "ssh: connect to host git.example.org port 22: Connection refused", "",
  ])
  func `once the remote shell has spoken, whatever is said is a lost connection`(said: String) {
    var diagnostics = SSHDiagnostics(text: said)
    diagnostics.wasConnected = true
    #expect(diagnostics.failure == .lost)
    #expect(!diagnostics.needsRoute)
  }

  private static let loggedIn = "Authenticated to backend ([10.0.0.9]:22) using \"publickey\".\r\n"
  private static let statistics =
    "Transferred: sent 3460, received 3272 bytes, in 0.2 seconds\r\nBytes per second: sent 16741.7, received 15832.0\r\n"

  private static let endsAfterLogin: [(said: String, status: Int32, remote: String?, failure: SSHFailure)] = [
    (
      "", 1, "This account is currently not available.",
      .noLogin(said: "This account is currently not available.")
    ), ("", 1, nil, .loginShellEnded(said: "exit status 1")),
    ("fish: Unknown command: exec\n", 127, nil, .loginShellEnded(said: "fish: Unknown command: exec")),
    ("Permission denied (publickey).\n", 255, nil, .loginShellEnded(said: "Permission denied (publickey).")),
    ("Connection to backend closed by remote host.\r\n", 255, "Welcome!", .lost), ("", 137, "Welcome!", .lost),
  ]

  @Test(arguments: endsAfterLogin)
  func `after the login, what is said is the login shell's`(
    said: String, status: Int32, remote: String?, failure: SSHFailure
  ) {
    var diagnostics = SSHDiagnostics(text: Self.banner + Self.loggedIn + said + Self.statistics)
    diagnostics.status = status
    diagnostics.remoteText = remote
    #expect(diagnostics.failure == failure)
  }

  @Test func `over a shared connection nothing tells of the login but the status`() {
    var diagnostics = SSHDiagnostics(text: "")
    diagnostics.status = 1
    diagnostics.remoteText = "This account is currently not available."
    #expect(diagnostics.failure == .noLogin(said: "This account is currently not available."))
  }

  private static let proxy = """
    kex_exchange_identification: Connection closed by remote host\r
    Connection closed by UNKNOWN port 65535\r

    """

  @Test(arguments: [
    ("Host key verification failed.\r\n", SSHFailure.jump(name: "ops@bastion", cause: .hostKeyUnknown)),
    (banner + "ops@bastion: Permission denied (publickey).\r\n", .jump(name: "ops@bastion", cause: .keyRefused)),
    ("ssh: connect to host bastion port 22: Connection refused\r\n", .jump(name: "ops@bastion", cause: .refused)),
    (
      "channel 0: open failed: connect failed: No route to host\r\nstdio forwarding failed\r\n",
      .notForwarded(jump: "ops@bastion", reason: "connect failed: No route to host")
    ), (banner, .lost),
  ])
  func `a failure on the way names the jump host`(said: String, failure: SSHFailure) {
    var diagnostics = SSHDiagnostics(text: said + Self.proxy)
    #expect(diagnostics.needsRoute)
    diagnostics.route = SSHRoute(jump: "ops@bastion")
    #expect(diagnostics.failure == failure)
  }

  @Test func `behind a jump host the host's own failures stay its own`() {
    var diagnostics = SSHDiagnostics(text: Self.banner + "Host key verification failed.\r\n")
    diagnostics.route = SSHRoute(jump: "bastion")
    #expect(diagnostics.failure == .hostKeyUnknown)
  }

  @Test func `of a program on the way that is not ssh, its last line is the cause`() {
    let diagnostics = SSHDiagnostics(text: "/bin/sh: 1: exec: cloudflared: not found\r\n" + Self.proxy)
    #expect(diagnostics.failure == .jump(name: nil, cause: .other(line: "/bin/sh: 1: exec: cloudflared: not found")))
  }

  @Test func `a jump host that does not answer in time is told`() {
    let diagnostics = SSHDiagnostics(
      text: "Connection timed out during banner exchange\r\nConnection to UNKNOWN port 65535 timed out\r\n")
    #expect(diagnostics.failure == .jump(name: nil, cause: .timedOut))
  }

  @Test func `a connection that was given up says what was waited for`() {
    var diagnostics = SSHDiagnostics(text: "")
    diagnostics.givenUp = .silent(after: .seconds(20))
    #expect(diagnostics.needsRoute)
    #expect(diagnostics.failure == .silent(after: .seconds(20)))
    diagnostics.route.sharedSocket = "/run/socket"
    #expect(diagnostics.failure == .sharedConnectionSilent(socket: "/run/socket"))
    diagnostics.givenUp = .loginShellSilent(after: .seconds(20))
    #expect(diagnostics.failure == .loginShellSilent(after: .seconds(20)))
    diagnostics.givenUp = .waiting(after: .seconds(120), line: "open a link")
    #expect(diagnostics.failure == .waiting(after: .seconds(120), line: "open a link"))
  }

  @Test func `an endless line of ssh is cut, and its control characters are gone`() {
    let text = "\u{1B}[31m\u{1B}]0;title\u{07}" + String(repeating: "x", count: 9000) + "\u{7F}"
    #expect(SSHDiagnostics(text: text).failure == .other(line: String(repeating: "x", count: 200)))
  }

  @Test(arguments: [
    (SSHFailure.unresolved, "could not resolve", "ssh -G ops@backend"),
    (.refused, "refuses ssh", "check that sshd is running"),
    (.timedOut, "does not respond", "ping backend"), (.keyRefused, "none of your ssh keys", "ssh-add -l"),
    (.tooManyKeys, "too many ssh keys", "IdentitiesOnly"),
    (.keyUnreadable(file: "/k", reason: "r"), "cannot read the ssh key /k for ops@backend: r", "ssh-keygen -y -f /k"),
    (.keyDidNotSign(key: "/k", reason: "r"), "no signature from the ssh key /k for ops@backend: r", "unlock the agent"),
    (.hostKeyUnknown, "unknown host key", "compare the fingerprint"),
    (.hostKeyChanged, "has CHANGED", "if the host was not reinstalled"), (.lost, "was lost", "ktrdr status"),
    (.noLogin(said: "no"), "no login to your account on ops@backend: no", "grep ^user"),
    (.loginShellEnded(said: "no"), "ended before it ran anything: no", "ssh -T ops@backend"),
    (.loginShellSilent(after: .seconds(20)), "ran nothing within 20s", "start-up files"),
    (.silent(after: .seconds(20)), "no word from ssh about ops@backend within 20s", "ssh -v"),
    (.sharedConnectionSilent(socket: "/s"), "(ControlMaster)", "ssh -O exit ops@backend; if that hangs too, remove /s"),
    (.waiting(after: .seconds(120), line: "open it"), "still waiting after 2m: open it", "by hand"),
    (.jump(name: "j:22", cause: .hostKeyUnknown), "unknown host key for the jump host j:22", "ssh ssh://j:22"),
    (.jump(name: "a@j:22", cause: .timedOut), "the jump host a@j:22 does not respond", "ping j"),
    (.jump(name: nil, cause: .other(line: "no")), "ssh to the jump host of ops@backend failed: no", "ssh -o BatchMode"),
    (.notForwarded(jump: "j", reason: "no"), "the jump host j cannot reach ops@backend: no", "seen from there"),
    (.other(line: "no"), "failed: no", "BatchMode=yes ops@backend"),
  ])
  func `each failure has a message and a next step of its own`(failure: SSHFailure, what: String, next: String) throws {
    let host = try HostName("ops@backend")
    #expect(failure.what(host: host).contains(what))
    #expect(failure.nextStep(host: host).contains(next))
  }
}
