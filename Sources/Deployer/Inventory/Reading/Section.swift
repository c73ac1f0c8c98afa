/// A mapping of the document whose keys were checked: each once, in order.
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

  /// `targets.core` and `host` make `targets.core.host`. A key that is no name is shown so that a terminal survives it.
  func path(of key: String) -> String {
    let isPlain = !key.isEmpty && key.utf8.count <= 64 && key.unicodeScalars.allSatisfy { $0.isWord || $0.isJoint }
    let part = isPlain ? key : shown(key)
    return path.isEmpty ? part : "\(path).\(part)"
  }
}
