import Platform

/// A line that `ssh` wrote to standard error, fit to be shown.
struct SSHLine: Sendable, Equatable {
  enum Kind: Sendable { case blank, authenticated, statistics, notice, words }

  let text: String

  init(_ text: some StringProtocol) { self.text = String(String(text).trimmed.printable.trimmed.prefix(Self.limit)) }

  init(_ bytes: [UInt8]) { self.init(String(decoding: bytes, as: UTF8.self)) }

  private static let limit = 200

  var kind: Kind {
    if text.isEmpty || text.hasPrefix("debug") { return .blank }
    if text.hasPrefix("Authenticated to ") { return .authenticated }
    if text.hasPrefix("Transferred: sent ") || text.hasPrefix("Bytes per second: sent ") { return .statistics }
    // OpenSSH 10's warning of a key exchange that is not post-quantum has several lines.
    let notices = ["Warning: ", "** "]
    return notices.contains(where: text.hasPrefix) ? .notice : .words
  }

  /// Not for ktrdr, which asks `ssh` for more than it says by default.
  var isForPeople: Bool { kind == .notice || kind == .words }

  /// All lines of a text that are not blank.
  static func all(of text: String) -> [SSHLine] {
    text.byteLines.map { SSHLine($0) }.filter { $0.kind != .blank }
  }
}
