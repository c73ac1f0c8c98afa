import Platform

/// Compose puts an empty string where a variable is not set, warns, and goes on. ktrdr does not.
enum UnsetVariables {
  /// The names in Compose's warnings `The "X" variable is not set. Defaulting to a blank string.`
  static func named(in output: String) -> [String] {
    var names: [String] = []
    for line in output.byteLines where line.contains("variable is not set") {
      let plain = line.filter { $0 != "\\" }
      guard let end = plain.range(of: "\" variable is not set"), let start = plain[..<end].lastIndex(of: "\"")
      else { continue }
      let name = String(plain[plain.index(after: start)..<end])
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}

extension StringProtocol {
  /// Where `part` begins; `nil` if it does not occur.
  fileprivate func range(of part: String) -> Index? {
    indices.first { self[$0...].hasPrefix(part) }
  }
}
