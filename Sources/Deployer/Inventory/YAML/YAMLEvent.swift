internal import CYAML

/// What is needed of an event of libYAML, copied out of its memory.
struct YAMLEvent {
  let kind: yaml_event_type_t
  /// Counts from 1.
  let line: Int
  var text = ""
  var isPlain = false
  /// Whether it names an anchor or is an alias to one.
  var hasAnchor = false
  var hasTag = false

  init(_ event: yaml_event_t) {
    kind = event.type
    line = event.start_mark.line + 1
    switch kind {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      // By its length: an escape may put a NUL into a scalar.
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

extension InventoryProblem: Error {
  /// What libYAML says when it stops at what is not YAML.
  static func notYAML(_ parser: yaml_parser_t, text: UnsafeBufferPointer<UInt8>) -> InventoryProblem {
    let newline = UInt8(ascii: "\n")
    let line =
      parser.error == YAML_READER_ERROR
      ? text.prefix(parser.problem_offset).count(where: { $0 == newline }) + 1 : parser.problem_mark.line + 1
    let content = text.split(separator: newline, maxSplits: line, omittingEmptySubsequences: false).dropFirst(line - 1)
    let hasTab =
      content.first?.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      .contains(UInt8(ascii: "\t")) ?? false
    let said = parser.problem.map { String(cString: $0) } ?? "it cannot be read"
    return InventoryProblem(
      line: line, path: "", what: hasTab ? "a tab stands in the indentation" : "this is not YAML: \(said)",
      nextStep: hasTab ? "indent with spaces" : "check indentation, quotes and brackets here and just above")
  }
}
