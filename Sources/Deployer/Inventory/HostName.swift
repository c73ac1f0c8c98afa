/// What `ssh` connects to: a name of DNS or of `~/.ssh/config`, or an address, with or without `user@`.
///
/// It becomes an argument of `ssh`, and ssh hands it to a shell where a `ProxyCommand` says `%h`: so no leading `-`
/// and no character that means something to a shell.
public typealias HostName = Name<HostKind>

public enum HostKind: NameKind {
  public static let noun = "host that ssh accepts"
  public static let rule = "a name like 'host.example.org' or 'user@host'; a port belongs into ~/.ssh/config"

  public static func refusal(of value: String) -> String? {
    let parts = value.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2 {
      if let reason = refusal(of: parts[0], upTo: 64, first: \.isWord, rest: { $0.isWord || $0.isJoint }) {
        return "in the user name, \(reason)"
      }
    }
    let host = parts[parts.count - 1]
    let isAddress = host.unicodeScalars.count(where: { $0 == ":" }) > 1
    if host.contains(":"), !isAddress { return "it has a port" }
    // 253: the longest name that DNS can carry, RFC 1035.
    return refusal(
      of: host, upTo: 253, first: { $0.isWord || (isAddress && $0 == ":") },
      rest: { $0.isWord || $0.isJoint || (isAddress && $0 == ":") })
  }
}

extension Name where Kind == HostKind {
  /// The host alone, without `user@`.
  public var host: String { value.split(separator: "@", maxSplits: 1).last.map(String.init) ?? value }

  /// Whether `word` means this host: its full name, with or without the user, or its first label. Case does not
  /// matter, as in DNS. The first number of an address is not a label.
  public func matches(_ word: String) -> Bool {
    let word = word.lowercased()
    let host = host.lowercased()
    if word == host || word == value.lowercased() { return true }
    let labels = host.split(separator: ".")
    guard labels.count > 1, let last = labels.last, !last.unicodeScalars.allSatisfy(\.isDigit) else { return false }
    return labels.first.map(String.init) == word
  }
}
