internal import CYAML

/// The parts of a libYAML event that ktrdr needs, copied out of libYAML's memory.
struct YAMLEvent {
  let kind: yaml_event_type_t
  /// From 1.
  let line: Int
  var text = ""
  var isPlain = false
  /// Whether it has an anchor or is an alias.
  var hasAnchor = false
  var hasTag = false

  init(_ event: yaml_event_t) {
    kind = event.type
    line = event.start_mark.line + 1
    switch kind {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      // Uses the length, since an escape can put a NUL into a scalar.
      text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
      hasAnchor = scalar.anchor != nil
      hasTag = scalar.tag != nil
    case YAML_SEQUENCE_START_EVENT:
      hasAnchor = event.data.sequence_start.anchor != nil
      hasTag = event.data.sequence_start.tag != nil
    case YAML_MAPPING_START_EVENT:
      hasAnchor = event.data.mapping_start.anchor != nil
      hasTag = event.data.mapping_start.tag != nil
    case YAML_ALIAS_EVENT:
      hasAnchor = true
    default:
      break
    }
  }
}

extension InventoryProblem {
  /// The problem at which libYAML stopped parsing.
  static func notYAML(_ parser: yaml_parser_t, text: UnsafeBufferPointer<UInt8>) -> InventoryProblem {
    let newline = UInt8(ascii: "\n")
    let line =
      parser.error == YAML_READER_ERROR
      ? text.prefix(parser.problem_offset).count(where: { $0 == newline }) + 1 : parser.problem_mark.line + 1
    let content = text.split(separator: newline, maxSplits: line, omittingEmptySubsequences: false).dropFirst(line - 1)
    let hasTab =
      content.first?.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      .contains(UInt8(ascii: "\t")) ?? false
    let reason = parser.problem.map { String(cString: $0) } ?? "unreadable"
    return InventoryProblem(
      line: line, path: "", what: hasTab ? "tab in the indentation" : "invalid YAML: \(reason)",
      nextStep: hasTab ? "indent with spaces" : "check indentation, quotes and brackets on this line and just above")
  }
}
