import Platform

/// What `op` wrote to standard error, made fit for a message: of a failure that ktrdr does not know, nothing else tells the
/// cause. It may quote the request, and a request may carry a token.
struct OnePasswordWords {
  private let text: String
  private let secrets: [String]

  /// `secrets` are values that `op` was given in its environment.
  init(_ standardError: String, secrets: [String] = []) {
    text = standardError
    self.secrets = secrets
  }

  /// In place of what may be a secret.
  static let withheld = "[withheld]"

  /// Its first line, without `[ERROR]`, the date and the time, and without anything that looks like a token; `nil` if it
  /// wrote nothing.
  var firstLine: String? {
    let lines = text.byteLines.lazy.map { Self.body(of: $0.printable) }
    guard let line = lines.first(where: { !$0.isEmpty }) else { return nil }
    let known = secrets.reduce(line) { $0.replacing($1, with: Self.withheld) }
    return Self.withoutTokens(known).excerpt
  }

  private static func body(of line: String) -> String {
    var words = line.split(separator: " ")[...]
    if words.first == "[ERROR]" { words = words.dropFirst() }
    while let word = words.first, word.allSatisfy({ "0123456789/:".contains($0) }) { words = words.dropFirst() }
    return words.joined(separator: " ")
  }

  private static func withoutTokens(_ line: String) -> String {
    var kept = ""
    var run = ""
    for character in line {
      if character.isASCII, character.isLetter || character.isNumber || "+/=_-".contains(character) {
        run.append(character)
      } else {
        kept += isToken(run) ? withheld : run
        kept.append(character)
        run = ""
      }
    }
    return kept + (isToken(run) ? withheld : run)
  }

  /// Whether these letters, digits and marks look like a token, a key, or a value in hexadecimal or base64. A word with
  /// hyphens and the path of an address do not.
  private static func isToken(_ run: String) -> Bool {
    if ["ops_", "eyJ", "A3-"].contains(where: run.hasPrefix), run.count >= 8 { return true }
    guard run.count >= 20 else { return false }
    let hasUppercase = run.contains { $0.isUppercase }
    guard run.contains(where: { $0.isNumber }) else {
      return run.count >= 32 && hasUppercase && run.contains { $0.isLowercase }
    }
    return hasUppercase || !run.contains("/")
  }
}
