/// What `ssh` wrote to standard error, and the remote shell with it.
struct SSHDiagnostics: Sendable {
  let text: String

  /// What they mean where the connection failed.
  var failure: SSHFailure { SSHFailure.classify(text) }
}

/// Why `ssh` could not connect or stay connected, from what it wrote to standard error.
public enum SSHFailure: Sendable, Equatable {
  case unresolved, refused, timedOut, keyRefused, hostKeyUnknown, hostKeyChanged, lost
  case other(line: String)

  /// `ssh` gives every failure of its own the status 255; only its words tell them apart.
  static func classify(_ standardError: String) -> SSHFailure {
    guard !standardError.isEmpty else { return .lost }
    let known: [(String, SSHFailure)] = [
      ("REMOTE HOST IDENTIFICATION HAS CHANGED", .hostKeyChanged), ("Host key verification failed", .hostKeyUnknown),
      ("Could not resolve hostname", .unresolved), ("Connection refused", .refused),
      ("Permission denied", .keyRefused), ("not responding", .lost), ("Connection reset", .lost),
      ("Broken pipe", .lost), ("closed by remote host", .lost), ("timed out", .timedOut),
    ]
    if let match = known.first(where: { standardError.contains($0.0) }) { return match.1 }
    let lines = standardError.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("debug") }
    return lines.last.map { .other(line: String($0.prefix(200))) } ?? .lost
  }

  /// What is wrong, of `host`.
  func what(host: HostName) -> String {
    switch self {
    case .unresolved: "the name \(host) cannot be resolved"
    case .refused: "\(host) refuses ssh connections"
    case .timedOut: "\(host) does not answer"
    case .keyRefused: "\(host) accepts none of your ssh keys"
    case .hostKeyUnknown: "the host key of \(host) is not known here"
    case .hostKeyChanged: "the host key of \(host) has CHANGED"
    case .lost: "the connection to \(host) was lost"
    case .other(let line): "ssh to \(host) failed: \(line)"
    }
  }

  /// What the operator does about it.
  func nextStep(host: HostName) -> String {
    switch self {
    case .unresolved: "check the name in the inventory and your DNS: ssh -G \(host) | grep ^hostname"
    case .refused: "is sshd running there, and is the port right? try: ssh \(host) true"
    case .timedOut: "is the host up, and is the VPN on? try: ping \(host.host)"
    case .keyRefused: "load your key (ssh-add -l shows what is loaded) or install it with: ssh-copy-id \(host)"
    case .hostKeyUnknown: "connect once by hand and compare the fingerprint: ssh \(host)"
    case .hostKeyChanged:
      "was the host reinstalled? if not, somebody may be listening in; ask its administrator before you touch known_hosts"
    case .lost: "look at the host, then try again: ktrdr status"
    case .other: "try the same by hand: ssh -o BatchMode=yes \(host) true"
    }
  }
}

extension SSHFailure {
  /// The failure as something that stands in the way of a deployment.
  func problem(host: HostName) -> Problem {
    Problem(.host, what(host: host), nextStep: nextStep(host: host))
  }
}
