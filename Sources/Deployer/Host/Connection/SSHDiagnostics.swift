/// What `ssh` wrote to standard error, and the remote shell with it.
struct SSHDiagnostics: Sendable {
  let text: String

  /// What it means if the connection failed.
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

  /// What is wrong with `host`.
  func what(host: HostName) -> String {
    switch self {
    case .unresolved: "could not resolve \(host)"
    case .refused: "\(host) refuses ssh connections"
    case .timedOut: "\(host) does not respond"
    case .keyRefused: "\(host) accepts none of your ssh keys"
    case .hostKeyUnknown: "unknown host key for \(host)"
    case .hostKeyChanged: "the host key of \(host) has CHANGED"
    case .lost: "the connection to \(host) was lost"
    case .other(let line): "ssh to \(host) failed: \(line)"
    }
  }

  /// What the operator does about it.
  func nextStep(host: HostName) -> String {
    switch self {
    case .unresolved: "check the name in the inventory and your DNS: ssh -G \(host) | grep ^hostname"
    case .refused: "check that sshd is running there on the right port: ssh \(host) true"
    case .timedOut: "check that the host is up and the VPN is on: ping \(host.host)"
    case .keyRefused: "load your key (ssh-add -l lists loaded keys) or install it: ssh-copy-id \(host)"
    case .hostKeyUnknown: "connect once by hand and compare the fingerprint: ssh \(host)"
    case .hostKeyChanged:
      "if the host was not reinstalled, somebody may be intercepting the connection: ask its administrator before you edit known_hosts"
    case .lost: "check the host, then run: ktrdr status"
    case .other: "try it by hand: ssh -o BatchMode=yes \(host) true"
    }
  }
}

extension SSHFailure {
  /// The failure as something that stands in the way of a deployment.
  func problem(host: HostName) -> Problem {
    Problem(.host, what(host: host), nextStep: nextStep(host: host))
  }
}
