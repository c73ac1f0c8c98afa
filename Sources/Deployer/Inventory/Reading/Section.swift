/// A mapping of the document after its keys were checked: unique, in order.
struct Section {
  struct Entry {
    var key: String
    var keyLine: Int
    var value: YAMLNode
  }

  let path: String
  let line: Int
  private(set) var entries: [Entry] = []
  private var indexes: [String: Int] = [:]

  init(path: String, line: Int) {
    self.path = path
    self.line = line
  }

  mutating func append(_ key: String, keyLine: Int, value: YAMLNode) {
    indexes[key] = entries.count
    entries.append(Entry(key: key, keyLine: keyLine, value: value))
  }

  func entry(_ key: String) -> Entry? { indexes[key].map { entries[$0] } }

  subscript(key: String) -> YAMLNode? { entry(key)?.value }

  /// The path of a key: `targets.core` and `host` give `targets.core.host`. Quotes keys that are not plain words.
  func path(of key: String) -> String {
    let isPlain = !key.isEmpty && key.utf8.count <= 64 && key.unicodeScalars.allSatisfy { $0.isWord || $0.isSeparator }
    let part = isPlain ? key : quoted(key)
    return path.isEmpty ? part : "\(path).\(part)"
  }
}
