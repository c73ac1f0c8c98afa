/// Why `ssh` could not connect or stay connected. Every failure of its own has the status 255; only its words tell them
/// apart.
public indirect enum SSHFailure: Sendable, Equatable {
  case unresolved, refused, timedOut, keyRefused, tooManyKeys, hostKeyUnknown, hostKeyChanged, lost
  /// A key file that could not be offered.
  case keyUnreadable(file: String, reason: String)
  /// An agent or a hardware key did not sign. The name is unknown to older versions.
  case keyDidNotSign(key: String?, reason: String)
  /// The account exists, but nobody may log in to it.
  case noLogin(said: String)
  /// The login succeeded, and its shell ended instead of running ours.
  case loginShellEnded(said: String)
  case loginShellSilent(after: Duration)
  /// The shell that runs what ktrdr sends would show values in the arguments of a program.
  case unfitShell
  /// The connection stood, but the host took too long to answer.
  case noAnswer(after: Duration)
  /// The host reported a step that nobody had asked for.
  case unaskedStep
  case silent(after: Duration)
  case sharedConnectionSilent(socket: String)
  /// `ssh` still waited for something.
  case waiting(after: Duration, line: String)
  /// It failed on the way; the name is unknown if it is not an `ssh` that carries the connection.
  case jump(name: String?, cause: SSHFailure)
  /// The host on the way could not connect to the host itself.
  case notForwarded(jump: String?, reason: String)
  case other(line: String)

  /// What is wrong with `host`.
  func what(host: HostName) -> String { what(of: SSHPeer(host)) }

  /// What the operator does about it.
  func nextStep(host: HostName) -> String { nextStep(for: SSHPeer(host)) }

  private func what(of host: SSHPeer) -> String {
    switch self {
    case .unresolved: "could not resolve \(host)"
    case .refused: "\(host) refuses ssh connections"
    case .timedOut: "\(host) does not respond"
    case .keyRefused: "\(host) accepts none of your ssh keys"
    case .tooManyKeys: "\(host) rejected the login: too many ssh keys were offered"
    case .keyUnreadable(let file, let reason): "cannot read the ssh key \(file) for \(host): \(reason)"
    case .keyDidNotSign(let key, let reason):
      "no signature from the ssh key \(key.map { "\($0) " } ?? "")for \(host): \(reason)"
    case .hostKeyUnknown: "unknown host key for \(host)"
    case .hostKeyChanged: "the host key of \(host) has CHANGED"
    case .noLogin(let said): "no login to your account on \(host): \(said)"
    case .loginShellEnded(let said): "the login shell on \(host) ended before it ran anything: \(said)"
    case .loginShellSilent(let limit): "the login shell on \(host) ran nothing within \(limit.text)"
    case .unfitShell: "/bin/sh on \(host) has no built-in printf, so secrets would show up in the list of processes"
    case .noAnswer(let limit): "\(host) did not answer within \(limit.text)"
    case .unaskedStep: "\(host) reported a step that it was not asked for"
    case .silent(let limit): "no word from ssh about \(host) within \(limit.text)"
    case .sharedConnectionSilent: "the shared ssh connection (ControlMaster) to \(host) does not respond"
    case .waiting(let limit, let line): "ssh to \(host) was still waiting after \(limit.text): \(line)"
    case .jump(let name, let cause): cause.what(of: host.jump(name))
    case .notForwarded(let name, let reason): "\(host.jump(name)) cannot reach \(host): \(reason)"
    case .lost: "the connection to \(host) was lost"
    case .other(let line): "ssh to \(host) failed: \(line)"
    }
  }

  private func nextStep(for host: SSHPeer) -> String {
    switch self {
    case .unresolved: "check the name in the inventory and your DNS: ssh -G \(host.address) | grep ^hostname"
    case .refused: "check that sshd is running there on the right port: ssh \(host.address) true"
    case .timedOut: "check that the host is up and the VPN is on: ping \(host.pingable)"
    case .keyRefused: "load your key (ssh-add -l lists loaded keys) or install it: ssh-copy-id \(host.address)"
    case .tooManyKeys:
      "name the right key for \(host.address) in ~/.ssh/config: IdentityFile FILE, and IdentitiesOnly yes"
    case .keyUnreadable(let file, _):
      "it must be a private key that ends with a newline and that only you can read: ssh-keygen -y -f \(file)"
    case .keyDidNotSign: "unlock the agent, or touch the key, and try by hand: ssh \(host.address) true"
    case .hostKeyUnknown: "connect once by hand and compare the fingerprint: ssh \(host.address)"
    case .hostKeyChanged:
      "if the host was not reinstalled, somebody may be intercepting the connection: ask its administrator before you edit known_hosts"
    case .noLogin: "ask its administrator, or fix the user in ~/.ssh/config: ssh -G \(host.address) | grep ^user"
    case .loginShellEnded: "check your login shell there and what it starts: ssh -T \(host.address) true"
    case .loginShellSilent: "look for what waits in its start-up files, such as ~/.bashrc: ssh -T \(host.address) true"
    case .unfitShell: "make dash, bash or busybox its /bin/sh"
    case .noAnswer: "see what hangs there, for instance Docker: ssh \(host.address) docker ps"
    case .unaskedStep: "something there interferes with ktrdr's shell: find out what before you send it secrets again"
    case .silent: "see where it waits: ssh -v -o BatchMode=yes \(host.address) true"
    case .sharedConnectionSilent(let socket):
      "close it: ssh -O exit \(host.address); if that hangs too, remove \(socket)"
    case .waiting: "do by hand what it waits for, then try again: ssh \(host.address) true"
    case .jump(let name, let cause): cause.nextStep(for: host.jump(name))
    case .notForwarded: "check the name and the port of \(host.address) as seen from there"
    case .lost: "check the host, then run: ktrdr status"
    case .other: "try it by hand: ssh -o BatchMode=yes \(host.address) true"
    }
  }
}

extension SSHFailure {
  /// The failure as something that stands in the way of a deployment.
  func problem(host: HostName) -> Problem {
    Problem(.host, what(host: host), nextStep: nextStep(host: host))
  }
}

/// A host, or one on the way to it, as messages name it.
private struct SSHPeer: CustomStringConvertible {
  let description: String
  /// What `ssh` takes.
  let address: String
  /// What `ping` takes.
  let pingable: String

  init(_ host: HostName) {
    description = host.value
    address = host.value
    pingable = host.host
  }

  private init(description: String, address: String, pingable: String) {
    self.description = description
    self.address = address
    self.pingable = pingable
  }

  /// The host on the way to this one. Without a name only the whole way can be tried.
  func jump(_ name: String?) -> SSHPeer {
    guard let name else {
      return SSHPeer(description: "the jump host of \(address)", address: address, pingable: pingable)
    }
    let bare = name.split(separator: "@").last.map(String.init) ?? name
    return SSHPeer(
      description: "the jump host \(name)", address: name.contains(":") ? "ssh://\(name)" : name,
      pingable: bare.split(separator: ":").first.map(String.init) ?? bare)
  }
}
