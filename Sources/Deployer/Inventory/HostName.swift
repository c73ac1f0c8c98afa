/// A destination for `ssh`: a DNS name, a host from `~/.ssh/config` or an address, optionally with `user@`.
///
/// It becomes an argument of `ssh`, and ssh passes it to a shell if a `ProxyCommand` contains `%h`. So it cannot start
/// with `-` or contain a character that is special to a shell.
public typealias HostName = Name<HostKind>

public enum HostKind: NameKind {
  public static let noun = "host"
  public static let rule = "a name like 'host.example.org' or 'user@host'; a port belongs in ~/.ssh/config"

  public static func violation(in value: String) -> String? {
    let parts = value.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2 {
      if let reason = violation(in: parts[0], upTo: 64, first: \.isWord, rest: { $0.isWord || $0.isSeparator }) {
        return "the user name \(reason)"
      }
    }
    let host = parts[parts.count - 1]
    let isAddress = host.unicodeScalars.count(where: { $0 == ":" }) > 1
    if host.contains(":"), !isAddress { return "must not include a port" }
    // The longest name that DNS allows (RFC 1035).
    return violation(
      in: host, upTo: 253, first: { $0.isWord || (isAddress && $0 == ":") },
      rest: { $0.isWord || $0.isSeparator || (isAddress && $0 == ":") })
  }
}

extension Name where Kind == HostKind {
  /// The host without `user@`.
  public var host: String { value.split(separator: "@", maxSplits: 1).last.map(String.init) ?? value }

  /// Whether `word` names this host: its full name, with or without the user, or its first label. Ignores case, like
  /// DNS. The first number of an address does not count as a label.
  public func matches(_ word: String) -> Bool {
    let word = word.lowercased()
    let host = host.lowercased()
    if word == host || word == value.lowercased() { return true }
    let labels = host.split(separator: ".")
    guard labels.count > 1, let last = labels.last, !last.unicodeScalars.allSatisfy(\.isDigit) else { return false }
    return labels.first.map(String.init) == word
  }
}
