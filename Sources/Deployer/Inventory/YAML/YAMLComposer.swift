// Uses libYAML directly. Yams, which wraps it, stops at the first duplicate key, resolves aliases while it composes (a
// key of nested aliases takes exponential time to hash) and loses the line of an alias. It also links all of
// Foundation: 44 MB of binary, 4 MB of memory and 2 ms of start-up. A test checks that both read the same document.
internal import CYAML

/// Builds a tree of nodes from libYAML's events, with limits that protect against hostile documents.
struct YAMLComposer {
  /// An inventory needs 4 levels. libYAML's own limit of 1,000 would overflow a small stack.
  static let maximumDepth = 32

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeBufferPointer<UInt8>
  /// Valid YAML that is rejected anyway. Composing continues after each.
  private var problems: [InventoryProblem] = []

  /// The first document in `text`, and its problems. The document is `nil` if `text` is empty or not valid YAML; in the
  /// latter case the last problem says why.
  static func compose(_ text: String) -> (document: YAMLNode?, problems: [InventoryProblem]) {
    var text = text
    return text.withUTF8 { bytes in
      let bytes = withoutByteOrderMark(bytes)
      let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
      defer { parser.deallocate() }
      guard yaml_parser_initialize(parser) == 1 else {
        return (nil, [InventoryProblem(line: nil, path: "", what: "not enough memory", nextStep: "try again")])
      }
      defer { yaml_parser_delete(parser) }
      yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
      var composer = YAMLComposer(parser: parser, text: bytes)
      do throws(InventoryProblem) {
        let document = try composer.document()
        return (document, composer.problems)
      } catch {
        return (nil, composer.problems + [error])
      }
    }
  }

  /// Some editors write one at the start of a file, and libYAML skips it only if it detects the encoding itself.
  private static func withoutByteOrderMark(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeBufferPointer(rebasing: bytes.dropFirst(3)) : bytes
  }

  private init(parser: UnsafeMutablePointer<yaml_parser_t>, text: UnsafeBufferPointer<UInt8>) {
    self.parser = parser
    self.text = text
  }

  private mutating func document() throws(InventoryProblem) -> YAMLNode? {
    _ = try next()  // start of the stream
    guard try next().kind == YAML_DOCUMENT_START_EVENT else { return nil }
    let root = try node(from: try next(), depth: 0)
    _ = try next()  // end of the document
    let after = try next()
    if after.kind != YAML_STREAM_END_EVENT {
      reject(after.line, "a second document starts here", "keep one document per file")
    }
    return root
  }

  private mutating func node(from event: YAMLEvent, depth: Int) throws(InventoryProblem) -> YAMLNode {
    guard depth < Self.maximumDepth else {
      throw InventoryProblem(
        line: event.line, path: "", what: "nested more than \(Self.maximumDepth) levels deep",
        nextStep: "see 'ktrdr config init' for an example of an inventory")
    }
    if event.hasAnchor {
      reject(event.line, "anchors and aliases ('&', '*') are not supported", "write the value out")
    }
    if event.hasTag {
      reject(event.line, "tags ('!') are not supported", "remove the tag, and quote the value if needed")
    }
    return YAMLNode(line: event.line, content: try content(of: event, depth: depth))
  }

  private mutating func content(of event: YAMLEvent, depth: Int) throws(InventoryProblem) -> YAMLNode.Content {
    switch event.kind {
    case YAML_SCALAR_EVENT:
      let isNull = event.isPlain && ["", "~", "null", "Null", "NULL"].contains(event.text)
      return isNull ? .null : .scalar(event.text, plain: event.isPlain)
    case YAML_SEQUENCE_START_EVENT:
      var elements: [YAMLNode] = []
      var element = try next()
      while element.kind != YAML_SEQUENCE_END_EVENT {
        elements.append(try node(from: element, depth: depth + 1))
        element = try next()
      }
      return .list(elements)
    case YAML_MAPPING_START_EVENT:
      var pairs: [YAMLNode.Pair] = []
      var key = try next()
      while key.kind != YAML_MAPPING_END_EVENT {
        let name = try node(from: key, depth: depth + 1)
        pairs.append(YAMLNode.Pair(key: name, value: try node(from: try next(), depth: depth + 1)))
        key = try next()
      }
      return .mapping(pairs)
    default:
      return .null  // an alias, rejected above
    }
  }

  private func next() throws(InventoryProblem) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else {
      throw InventoryProblem.notYAML(parser.pointee, text: text)
    }
    defer { yaml_event_delete(&event) }
    return YAMLEvent(event)
  }

  private mutating func reject(_ line: Int, _ what: String, _ nextStep: String) {
    problems.append(InventoryProblem(line: line, path: "", what: what, nextStep: nextStep))
  }
}
