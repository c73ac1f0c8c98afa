/// The variables that a compose file mentions.
enum VariableNames {
  /// The names in `$NAME` and `${NAME…}`, where `$$` is a literal dollar: Compose's own rule.
  static func mentioned(in text: String) -> Set<String> {
    guard text.contains("$") else { return [] }
    var names: Set<String> = []
    var rest = text.unicodeScalars[...]
    while let dollar = rest.firstIndex(of: "$") {
      rest = rest[rest.index(after: dollar)...]
      if rest.first == "$" {
        rest = rest.dropFirst()
        continue
      }
      if rest.first == "{" { rest = rest.dropFirst() }
      let name = rest.prefix { $0.isWord }
      if let first = name.first, !first.isDigit { names.insert(String(String.UnicodeScalarView(name))) }
    }
    return names
  }
}
