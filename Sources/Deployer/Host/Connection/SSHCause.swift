/// Finds the line that is the cause among all that `ssh` says: its own failures have a known form from their first letter
/// on, so that no banner, warning or other program's word is taken for one.
enum SSHCause {
  /// `nil` if no line has a known form.
  static func of(_ lines: [SSHLine]) -> SSHFailure? {
    guard let last = lines.last(where: { $0.cause != nil }), let cause = last.cause else {
      return lines.contains(where: \.isLoss) ? .lost : nil
    }
    switch cause {
    case .hostKeyUnknown where lines.contains { $0.text.contains("REMOTE HOST IDENTIFICATION HAS CHANGED") }:
      return .hostKeyChanged
    case .keyRefused:
      let last = lines.reversed()
      return last.compactMap(\.troubleWithKey).first ?? last.compactMap(\.missingKey).first ?? .keyRefused
    default: return cause
    }
  }

  /// The same where another `ssh` or program carries the connection: what failed is on the way.
  static func ofProxy(_ lines: [SSHLine], jump: String?) -> SSHFailure {
    let refusal = "channel 0: open failed: "
    if let line = lines.last(where: { $0.text.hasPrefix(refusal) }) {
      return .notForwarded(jump: jump, reason: String(line.text.dropFirst(refusal.count)))
    }
    let own = lines.filter { !$0.isOfProxy }
    if let cause = of(own), cause != .lost { return .jump(name: jump, cause: cause) }
    // What a program that is not ssh says has no known form; of an ssh it would be the banner.
    guard jump == nil, let line = own.last(where: { $0.kind == .words && !$0.isLoss }) else { return .lost }
    return .jump(name: nil, cause: .other(line: line.text))
  }
}

extension SSHLine {
  /// `ssh` knows no address of a host that it reaches through another program.
  var isOfProxy: Bool { text.hasSuffix(" UNKNOWN port 65535") || text == "Connection to UNKNOWN port 65535 timed out" }

  /// The connection broke, whatever the reason.
  var isLoss: Bool {
    let beginnings = [
      "Connection closed by ", "Connection reset by ", "Disconnected from ", "client_loop: ", "packet_write_wait: ",
      "kex_exchange_identification: Connection closed by ",
    ]
    if beginnings.contains(where: text.hasPrefix) { return true }
    return (text.hasPrefix("Connection to ") && text.hasSuffix(" closed by remote host."))
      || (text.hasPrefix("Timeout, server ") && text.hasSuffix(" not responding."))
      || (text.hasPrefix("kex_exchange_identification: read: ") && text.hasSuffix("Connection reset by peer"))
      || (text.hasPrefix("Read from remote host ") && text.hasSuffix("Connection reset by peer"))
  }

  /// What this line alone says of a failed connection.
  fileprivate var cause: SSHFailure? {
    if text == "Host key verification failed." { return .hostKeyUnknown }
    if text.hasPrefix("ssh: Could not resolve hostname ") { return .unresolved }
    if text.hasPrefix("ssh: connect to host ") {
      if text.hasSuffix(": Connection refused") { return .refused }
      return text.hasSuffix(" timed out") ? .timedOut : .other(line: text)
    }
    if text == "Connection timed out during banner exchange" { return .timedOut }
    if text.hasPrefix("Connection to "), text.hasSuffix(" timed out") { return .timedOut }
    if text.hasPrefix("Received disconnect from ") {
      return text.hasSuffix(": Too many authentication failures") ? .tooManyKeys : .other(line: text)
    }
    if text.hasPrefix("Your account has expired") { return .noLogin(said: text) }
    return isRefusalOfKeys ? .keyRefused : nil
  }

  /// `ops@backend: Permission denied (publickey,password).`, of older versions without the account.
  private var isRefusalOfKeys: Bool {
    let words = "Permission denied ("
    guard text.hasSuffix(").") else { return false }
    if text.hasPrefix(words) { return true }
    guard let colon = text.firstIndex(of: ":"), text[text.index(after: colon)...].hasPrefix(" \(words)") else {
      return false
    }
    return text[..<colon].contains("@") && !text[..<colon].contains(" ")
  }

  /// Why a key could not be offered, where the host then accepted none.
  fileprivate var troubleWithKey: SSHFailure? {
    let reason = text.ranges(of: ": ").last.map { String(text[$0.upperBound...]) } ?? text
    let name = text.split(separator: "\"", omittingEmptySubsequences: false).dropFirst().first.map(String.init)
    if text.hasPrefix("Load key \""), let name { return .keyUnreadable(file: name, reason: reason) }
    if text.hasPrefix("sign_and_send_pubkey: signing failed") { return .keyDidNotSign(key: name, reason: reason) }
    return nil
  }

  /// A file that the configuration names. It need not be the key that is meant.
  fileprivate var missingKey: SSHFailure? {
    let (beginning, reason) = ("no such identity: ", "No such file or directory")
    guard text.hasPrefix(beginning), text.hasSuffix(": \(reason)") else { return nil }
    let file = text.dropFirst(beginning.count).dropLast(reason.count + 2)
    return .keyUnreadable(file: String(file), reason: reason)
  }
}
