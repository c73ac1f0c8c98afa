/// A value in a YAML document, and the line where it starts.
struct YAMLNode: Equatable {
  /// From 1.
  var line: Int
  var content: Content

  enum Content: Equatable {
    /// Nothing, `~` or an unquoted `null`.
    case null
    /// A scalar as written. `plain` if it has no quotes, so that `true` can be a boolean.
    case scalar(String, plain: Bool)
    case list([YAMLNode])
    /// In file order. Includes duplicate keys, so that the reader can report them.
    case mapping([Pair])
  }

  struct Pair: Equatable {
    var key: YAMLNode
    var value: YAMLNode
  }

  /// The node's type, for messages.
  var kind: String {
    switch content {
    case .null: "nothing"
    case .scalar: "a single value"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}
