/// A value of a YAML document and the line that it begins on.
struct YAMLNode: Equatable {
  /// Counts from 1.
  var line: Int
  var content: Content

  enum Content: Equatable {
    /// Nothing, `~` or an unquoted `null`.
    case null
    /// A scalar as it is written. `plain` says that it has no quotes, so that `true` may mean a truth value.
    case scalar(String, plain: Bool)
    case list([YAMLNode])
    /// In the order of the file. Duplicate keys are kept, for whoever reads them to report.
    case mapping([Pair])
  }

  struct Pair: Equatable {
    var key: YAMLNode
    var value: YAMLNode
  }

  /// What the node is, for a message about a wrong type.
  var kind: String {
    switch content {
    case .null: "nothing"
    case .scalar: "a single value"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}
